using Sextant.Umap.Neighbors;

namespace Sextant.Umap.Clustering;

/// <summary>
/// HDBSCAN: clusters of any shape and density, as many as there are, and noise. Campello, Moulavi and Sander, "Density-Based Clustering
/// Based on Hierarchical Density Estimates" (2013).
/// </summary>
/// <remarks>
/// Exact and deterministic; time grows with the square of the rows. In many dimensions densities differ little: lay the rows out in five
/// dimensions with <see cref="UmapModel"/> first, as <see cref="Topics.TopicFinder"/> does.
/// </remarks>
public static class Hdbscan
{
    /// <summary>Clusters rows.</summary>
    /// <param name="rows">n × dimensions, row-major; n may be 0.</param>
    /// <param name="dimensions">The dimensions of a row.</param>
    /// <param name="options">The options; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">The values are not whole rows, or an option is out of range.</exception>
    public static HdbscanResult Fit(
        ReadOnlyMemory<float> rows,
        int dimensions,
        HdbscanOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new();
        options.Validate();
        PreparedRows prepared = PreparedRows.Create(rows.Span, dimensions, options.Metric);
        if (prepared.Count < 2)
            return new(Enumerable.Repeat(-1, prepared.Count).ToArray(), new float[prepared.Count], []);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellationToken };
        SpanningTree tree = SpanningTree.Create(prepared, options.MinSamples ?? options.MinClusterSize, parallel);
        CondensedTree condensed = CondensedTree.Create(new SingleLinkage(tree), options.MinClusterSize);
        return condensed.Label(ClusterSelection.Choose(condensed, options));
    }
}
