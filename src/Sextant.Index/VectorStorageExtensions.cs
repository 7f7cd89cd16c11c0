using Sextant.Numerics;

namespace Sextant.Index;

/// <summary>The size of each kind of vector storage.</summary>
public static class VectorStorageExtensions
{
    /// <summary>
    /// The bytes that the values of a vector of <paramref name="dimensions"/> take, without the few that stand behind codes.
    /// </summary>
    public static int Bytes(this VectorStorage storage, int dimensions) =>
        storage switch
        {
            VectorStorage.Int8 => dimensions,
            VectorStorage.Int4 => (dimensions + 1) / 2,
            VectorStorage.Bit => (dimensions + 7) / 8,
            VectorStorage.Packed => dimensions * (sizeof(float) + 1 + (FastScanKernels.Batch / 8)),
            _ => dimensions * sizeof(float),
        };
}
