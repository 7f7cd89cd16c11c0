using Sextant.Numerics;

namespace Sextant.Umap.Clustering;

/// <summary>The options of HDBSCAN.</summary>
public sealed record HdbscanOptions
{
    /// <summary>Smaller groups are not clusters.</summary>
    /// <value>At least 2; 5 by default.</value>
    public int MinClusterSize { get; init; } = 5;

    /// <summary>Larger groups are divided, where the hierarchy divides them.</summary>
    /// <value>At least <see cref="MinClusterSize"/>; no limit when <see langword="null"/>.</value>
    public int? MaxClusterSize { get; init; }

    /// <summary>
    /// How many nearest rows, itself included, decide how dense the surroundings of a row are. More of them make more rows noise.
    /// </summary>
    /// <value>At least 1; <see cref="MinClusterSize"/> when <see langword="null"/>.</value>
    public int? MinSamples { get; init; }

    /// <summary>Clusters closer to each other than this distance are merged.</summary>
    /// <value>At least 0; 0 by default.</value>
    public double SelectionEpsilon { get; init; }

    /// <summary>Which clusters of the hierarchy are returned.</summary>
    public HdbscanSelection Selection { get; init; }

    /// <summary>The metric between rows: Euclidean by default, as in a layout. Cosine is a distance from 0 to 2; dot is not one.</summary>
    public SimilarityMetric Metric { get; init; } = SimilarityMetric.Euclidean;

    /// <summary>How many threads may work at once.</summary>
    /// <value>-1, the default, for all cores.</value>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinClusterSize, 2);
        Require(MaxClusterSize is null || MaxClusterSize >= MinClusterSize, nameof(MaxClusterSize), "must not be below the minimum size");
        Require(MinSamples is null or >= 1, nameof(MinSamples), "must be at least 1");
        Require(SelectionEpsilon >= 0 && double.IsFinite(SelectionEpsilon), nameof(SelectionEpsilon), "must be finite and at least 0");
        Require(Enum.IsDefined(Selection), nameof(Selection), "is not a known selection");
        Require(Metric is SimilarityMetric.Euclidean or SimilarityMetric.Cosine, nameof(Metric), "must be Euclidean or cosine");
        Require(MaxDegreeOfParallelism is -1 or > 0, nameof(MaxDegreeOfParallelism), "must be -1 or above 0");
    }

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, $"{option} {rule}.");
    }
}
