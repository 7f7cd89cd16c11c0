using Sextant.Numerics;

namespace Sextant.Umap;

/// <summary>How well a layout keeps neighbours. Venna and Kaski, "Neighborhood preservation in nonlinear projection methods" (2001).</summary>
/// <remarks>All rows are compared with all: take a sample of a few thousand from a large set.</remarks>
public static class ProjectionQuality
{
    /// <summary>Whether neighbours in the layout are neighbours in the rows: 1 when all are, lower the farther false ones come from.</summary>
    /// <param name="rows">n × dimensions, row-major.</param>
    /// <param name="dimensions">Of a row.</param>
    /// <param name="embedding">n × components, row-major; compared by Euclidean distance.</param>
    /// <param name="components">Of the layout.</param>
    /// <param name="neighbors">How many nearest neighbours count: at least 1 and below n / 2.</param>
    /// <param name="metric">How rows are compared.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Trustworthiness(
        ReadOnlyMemory<float> rows, int dimensions, ReadOnlyMemory<float> embedding, int components, int neighbors = 15,
        SimilarityMetric metric = SimilarityMetric.Euclidean, CancellationToken cancellationToken = default)
    {
        (PreparedRows a, PreparedRows b) = Prepare(rows, dimensions, embedding, components, neighbors, metric);
        return Kept(a, b, neighbors, cancellationToken);
    }

    /// <summary>Whether neighbours in the rows are neighbours in the layout: 1 when all are, lower the farther they were torn apart.</summary>
    /// <param name="rows">n × dimensions, row-major.</param>
    /// <param name="dimensions">Of a row.</param>
    /// <param name="embedding">n × components, row-major; compared by Euclidean distance.</param>
    /// <param name="components">Of the layout.</param>
    /// <param name="neighbors">How many nearest neighbours count: at least 1 and below n / 2.</param>
    /// <param name="metric">How rows are compared.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Continuity(
        ReadOnlyMemory<float> rows, int dimensions, ReadOnlyMemory<float> embedding, int components, int neighbors = 15,
        SimilarityMetric metric = SimilarityMetric.Euclidean, CancellationToken cancellationToken = default)
    {
        (PreparedRows a, PreparedRows b) = Prepare(rows, dimensions, embedding, components, neighbors, metric);
        return Kept(b, a, neighbors, cancellationToken);
    }

    private static (PreparedRows Rows, PreparedRows Embedding) Prepare(
        ReadOnlyMemory<float> rows, int dimensions, ReadOnlyMemory<float> embedding, int components, int neighbors, SimilarityMetric metric)
    {
        PreparedRows a = PreparedRows.From(rows.Span, dimensions, metric), b = PreparedRows.From(embedding.Span, components, SimilarityMetric.Euclidean);
        if (a.Count != b.Count) throw new ArgumentException($"{a.Count} rows and {b.Count} points do not belong together.", nameof(embedding));
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        if (2 * neighbors >= a.Count)
            throw new ArgumentOutOfRangeException(nameof(neighbors), $"{neighbors} neighbours are too many for {a.Count} rows; take fewer than half.");
        return (a, b);
    }

    /// <summary>One minus the normalised sum of how far, by rank in <paramref name="truth"/>, the neighbours in <paramref name="seen"/> come from.</summary>
    private static double Kept(PreparedRows truth, PreparedRows seen, int k, CancellationToken cancellationToken)
    {
        int n = truth.Count;
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        NeighborTable neighbors = ExactNeighbors.Find(seen, seen, k, parallel);
        long[] excess = new long[n];
        Parallel.For(0, n, parallel, () => new float[n], (i, _, distances) =>
        {
            for (int j = 0; j < n; j++) distances[j] = truth.Distance(truth, i, j);
            foreach (int j in neighbors.Rows(i))
            {
                int rank = 1;
                for (int other = 0; other < n; other++)
                {
                    if (other != i && (distances[other] < distances[j] || (distances[other] == distances[j] && other < j))) rank++;
                }

                excess[i] += Math.Max(0, rank - k);
            }

            return distances;
        }, _ => { });
        return 1 - (2.0 / ((double)n * k * ((2.0 * n) - (3.0 * k) - 1)) * excess.Sum());
    }
}
