using Sextant.Numerics;

namespace Sextant.Index;

/// <summary>How a graph is built and searched.</summary>
public sealed record HnswOptions
{
    /// <summary>The smallest <see cref="M"/>.</summary>
    public const int MinM = 2;

    /// <summary>The largest <see cref="M"/>.</summary>
    public const int MaxM = 200;

    /// <summary>The largest <see cref="EfConstruction"/> and <see cref="EfSearch"/>.</summary>
    public const int MaxEf = 1 << 20;

    /// <summary>
    /// Links of a node on each level above the lowest, which has twice as many; with <see cref="VectorStorage.Packed"/> at most this number
    /// rounded up to a multiple of 32.
    /// </summary>
    /// <value>32; from 2 to 200.</value>
    public int M { get; init; } = 32;

    /// <summary>The number of candidates to keep while searching for the neighbors of a new vector.</summary>
    /// <value>200; at least 1.</value>
    public int EfConstruction { get; init; } = 200;

    /// <summary>How many candidates a search keeps: more finds more and takes longer.</summary>
    /// <value>128; at least 1.</value>
    public int EfSearch { get; init; } = 128;

    /// <summary>How vectors are compared.</summary>
    /// <value><see cref="SimilarityMetric.Cosine"/>.</value>
    public SimilarityMetric Metric { get; init; }

    /// <summary>The in-memory code of each vector.</summary>
    /// <value><see cref="VectorStorage.Int4"/>.</value>
    public VectorStorage Storage { get; init; } = VectorStorage.Int4;

    /// <summary>Decides the levels of the nodes and how they are rotated.</summary>
    public ulong Seed { get; init; }

    /// <summary>The most links of a node on the lowest level.</summary>
    internal int LowestLinks =>
        Storage == VectorStorage.Packed
            ? Math.Min(2 * M, (M + FastScanKernels.Batch - 1) / FastScanKernels.Batch * FastScanKernels.Batch)
            : 2 * M;

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(M, MinM);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(M, MaxM);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EfConstruction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(EfConstruction, MaxEf);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EfSearch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(EfSearch, MaxEf);
        if (!Enum.IsDefined(Storage))
            throw new ArgumentOutOfRangeException(nameof(Storage), Storage, "Unknown storage.");
        if (!Enum.IsDefined(Metric))
            throw new ArgumentOutOfRangeException(nameof(Metric), Metric, "Unknown metric.");
    }
}
