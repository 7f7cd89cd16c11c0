using Sextant.Vectors;

namespace Sextant.Index;

/// <summary>How a graph is built and searched.</summary>
public sealed record HnswOptions
{
    /// <summary>Links of a node on each level above the lowest, which has twice as many.</summary>
    /// <value>32.</value>
    public int M { get; init; } = 32;

    /// <summary>How many candidates are kept while a vector's neighbours are looked for.</summary>
    /// <value>200.</value>
    public int EfConstruction { get; init; } = 200;

    /// <summary>How many candidates a search keeps: more finds more and takes longer.</summary>
    /// <value>128.</value>
    public int EfSearch { get; init; } = 128;

    /// <summary>How vectors are compared.</summary>
    /// <value><see cref="SimilarityMetric.Cosine"/>.</value>
    public SimilarityMetric Metric { get; init; }

    /// <summary>Decides the levels of the nodes.</summary>
    public ulong Seed { get; init; }
}
