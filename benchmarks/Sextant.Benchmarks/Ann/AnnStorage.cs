using Sextant.Index;

namespace Sextant.Benchmarks.Ann;

/// <summary>The names of how an index keeps its vectors.</summary>
internal static class AnnStorage
{
    public static bool TryApply(string name, ref HnswOptions options)
    {
        if (!Enum.TryParse(name, ignoreCase: true, out VectorStorage storage) || !Enum.IsDefined(storage)) return false;
        options = options with { Storage = storage };
        return true;
    }
}
