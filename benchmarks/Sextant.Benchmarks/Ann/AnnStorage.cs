using Sextant.Index;

namespace Sextant.Benchmarks.Ann;

/// <summary>The names of how an index keeps its vectors.</summary>
internal static class AnnStorage
{
    /// <exception cref="InputException">There is no such storage.</exception>
    public static VectorStorage Parse(string name) =>
        Enum.TryParse(name, ignoreCase: true, out VectorStorage storage) && Enum.IsDefined(storage)
            ? storage
            : throw new InputException($"--storage {name}: there is no such storage");
}
