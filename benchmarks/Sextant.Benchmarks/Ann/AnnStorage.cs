using Sextant.Index;

namespace Sextant.Benchmarks.Ann;

/// <summary>The names of how an index keeps its vectors.</summary>
internal static class AnnStorage
{
    public static bool TryApply(string name, ref HnswOptions options)
    {
        _ = options;
        return name == "float32";
    }
}
