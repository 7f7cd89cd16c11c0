using System.Numerics.Tensors;
using Sextant.Numerics;
using Sextant.Umap.Neighbors;

namespace Sextant.Umap;

/// <summary>
/// Measures how well a layout preserves neighbors. Venna and Kaski, "Neighborhood preservation in nonlinear projection methods" (2001).
/// </summary>
/// <remarks>Compares all pairs of rows; use a sample of a few thousand for a large set.</remarks>
public static class ProjectionQuality
{
    private const double SmallestSquare = 1e-8;

    /// <summary>
    /// Measures whether neighbors in the layout are neighbors in the rows: 1 if all are, lower the farther away false neighbors are.
    /// </summary>
    /// <param name="rows">n × dimensions, row-major.</param>
    /// <param name="dimensions">The dimensions of a row.</param>
    /// <param name="embedding">n × components, row-major; compared by Euclidean distance.</param>
    /// <param name="components">The number of components of the layout.</param>
    /// <param name="neighbors">The number of nearest neighbors: at least 1 and below n / 2.</param>
    /// <param name="metric">The metric between rows.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Trustworthiness(
        ReadOnlyMemory<float> rows,
        int dimensions,
        ReadOnlyMemory<float> embedding,
        int components,
        int neighbors = 15,
        SimilarityMetric metric = SimilarityMetric.Euclidean,
        CancellationToken cancellationToken = default
    )
    {
        (PreparedRows a, PreparedRows b) = Prepare(rows, dimensions, embedding, components, neighbors, metric);
        return Kept(a, b, neighbors, cancellationToken);
    }

    /// <summary>
    /// Measures whether neighbors in the rows are neighbors in the layout: 1 if all are, lower the farther apart they are.
    /// </summary>
    /// <param name="rows">n × dimensions, row-major.</param>
    /// <param name="dimensions">The dimensions of a row.</param>
    /// <param name="embedding">n × components, row-major; compared by Euclidean distance.</param>
    /// <param name="components">The number of components of the layout.</param>
    /// <param name="neighbors">The number of nearest neighbors: at least 1 and below n / 2.</param>
    /// <param name="metric">The metric between rows.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Continuity(
        ReadOnlyMemory<float> rows,
        int dimensions,
        ReadOnlyMemory<float> embedding,
        int components,
        int neighbors = 15,
        SimilarityMetric metric = SimilarityMetric.Euclidean,
        CancellationToken cancellationToken = default
    )
    {
        (PreparedRows a, PreparedRows b) = Prepare(rows, dimensions, embedding, components, neighbors, metric);
        return Kept(b, a, neighbors, cancellationToken);
    }

    /// <summary>
    /// Measures whether dense places of the rows are dense in the layout: Pearson's correlation of the logarithm of the mean squared
    /// distance to the nearest neighbors, in the rows and in the layout.
    /// </summary>
    /// <param name="rows">n × dimensions, row-major.</param>
    /// <param name="dimensions">The dimensions of a row.</param>
    /// <param name="embedding">n × components, row-major; compared by Euclidean distance.</param>
    /// <param name="components">The number of components of the layout.</param>
    /// <param name="neighbors">The number of nearest neighbors: at least 1 and below n / 2.</param>
    /// <param name="metric">The metric between rows.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    /// <returns>From -1 to 1; 0 if all places are equally dense.</returns>
    public static double DensityCorrelation(
        ReadOnlyMemory<float> rows,
        int dimensions,
        ReadOnlyMemory<float> embedding,
        int components,
        int neighbors = 15,
        SimilarityMetric metric = SimilarityMetric.Euclidean,
        CancellationToken cancellationToken = default
    )
    {
        (PreparedRows a, PreparedRows b) = Prepare(rows, dimensions, embedding, components, neighbors, metric);
        ParallelOptions parallel = new() { CancellationToken = cancellationToken };
        // Pearson's correlation is the cosine of values less their mean.
        double correlation = TensorPrimitives.CosineSimilarity<double>(Radii(a), Radii(b));
        return double.IsNaN(correlation) ? 0 : correlation;

        double[] Radii(PreparedRows points)
        {
            NeighborTable found = ExactNeighbors.Find(points, points, neighbors, parallel);
            double[] radii =
            [
                .. Enumerable
                    .Range(0, points.Count)
                    .Select(i => Math.Log(SmallestSquare + (TensorPrimitives.SumOfSquares(found.Distances(i)) / neighbors))),
            ];
            TensorPrimitives.Subtract(radii, radii.Average(), radii);
            return radii;
        }
    }

    private static (PreparedRows Rows, PreparedRows Embedding) Prepare(
        ReadOnlyMemory<float> rows,
        int dimensions,
        ReadOnlyMemory<float> embedding,
        int components,
        int neighbors,
        SimilarityMetric metric
    )
    {
        PreparedRows a = PreparedRows.Create(rows.Span, dimensions, metric),
            b = PreparedRows.Create(embedding.Span, components, SimilarityMetric.Euclidean);
        if (a.Count != b.Count)
            throw new ArgumentException($"{a.Count} rows and {b.Count} points differ in number.", nameof(embedding));
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        if (2 * neighbors >= a.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(neighbors),
                $"{neighbors} neighbors are too many for {a.Count} rows; use fewer than half."
            );
        }

        return (a, b);
    }

    /// <summary>
    /// One minus the normalized sum of the rank errors, in <paramref name="truth"/>, of the neighbors in <paramref name="seen"/>.
    /// </summary>
    private static double Kept(PreparedRows truth, PreparedRows seen, int k, CancellationToken cancellationToken)
    {
        int n = truth.Count;
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        NeighborTable neighbors = ExactNeighbors.Find(seen, seen, k, parallel);
        long[] excess = new long[n];
        Parallel.For(
            0,
            n,
            parallel,
            () => new float[n],
            (i, _, distances) =>
            {
                for (int j = 0; j < n; j++)
                    distances[j] = truth.Distance(truth, i, j);
                foreach (int j in neighbors.Rows(i))
                {
                    int rank = 1;
                    for (int other = 0; other < n; other++)
                    {
                        if (other != i && (distances[other] < distances[j] || (distances[other] == distances[j] && other < j)))
                            rank++;
                    }

                    excess[i] += Math.Max(0, rank - k);
                }

                return distances;
            },
            _ => { }
        );
        return 1 - (2.0 / ((double)n * k * ((2.0 * n) - (3.0 * k) - 1)) * excess.Sum());
    }
}
