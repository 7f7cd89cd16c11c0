using Sextant.Numerics;
using Sextant.Umap.Graphs;
using Sextant.Umap.Layout;

namespace Sextant.Umap.Tests.Layout;

public sealed class DensityTermTests
{
    private const int Dimensions = 6;

    [Fact]
    public void Steps_follow_the_gradient_of_the_correlation_of_the_radii()
    {
        const int Count = 80;
        UmapOptions options = new() { DensityWeight = 1, Metric = SimilarityMetric.Euclidean };
        float[] distances = Distances(Blobs.Rows(3, Count, Dimensions, noise: 0.5), Count, Dimensions);
        NeighborTable neighbors = NeighborTable.FromDistances(Count, distances);
        SparseGraph graph = FuzzySimplicialSet.Build(neighbors, options, new());
        UmapCurve curve = UmapCurve.Fit(options.MinDist, options.Spread);
        float[] positions = Blobs.Rows(5, Count, 2, noise: 0.6, seed: 3);
        DensityTerm term = new(graph, neighbors, curve, options, new());
        term.Measure(positions, new());

        double product = 0,
            stepSquare = 0,
            gradientSquare = 0;
        for (int i = 0; i < Count; i++)
        {
            double[] step = new double[2];
            for (int e = 0; e < graph.TailsOf(i).Length; e++)
            {
                int tail = graph.TailsOf(i)[e];
                float x = positions[2 * i] - positions[2 * tail],
                    y = positions[(2 * i) + 1] - positions[(2 * tail) + 1],
                    coefficient = term.Coefficient(i, e, (x * x) + (y * y)) * graph.WeightsOf(i)[e];
                step[0] += coefficient * x;
                step[1] += coefficient * y;
            }

            for (int c = 0; c < 2; c++)
            {
                double gradient = Slope(graph, distances, curve, options, positions, (2 * i) + c);
                product += gradient * step[c];
                stepSquare += step[c] * step[c];
                gradientSquare += gradient * gradient;
            }
        }

        Assert.InRange(product / Math.Sqrt(stepSquare * gradientSquare), 0.999, 1.0001);
    }

    [Fact]
    public void Wide_groups_stay_wide_with_a_density_weight()
    {
        float[] rows = [.. Blobs.Rows(1, 100, Dimensions, noise: 0.1), .. Blobs.Rows(1, 100, Dimensions, noise: 1, seed: 99)];
        UmapOptions options = new() { Metric = SimilarityMetric.Euclidean };
        UmapModel plain = UmapModel.Fit(rows, Dimensions, options),
            dense = UmapModel.Fit(rows, Dimensions, options with { DensityWeight = 2 });

        Assert.InRange(Ratio(plain), 0.4, 2.5);
        Assert.InRange(Ratio(dense), 2 * Ratio(plain), 1000);
        Assert.True(Kept(dense) > Kept(plain) + 0.1, $"{Kept(plain)} {Kept(dense)}");

        double Kept(UmapModel model) =>
            ProjectionQuality.DensityCorrelation(rows, Dimensions, model.Embedding, 2, metric: SimilarityMetric.Euclidean);

        static double Ratio(UmapModel model) => Width(model.Embedding.Span[200..]) / Width(model.Embedding.Span[..200]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Density_is_preserved_in_any_number_of_components_with_the_same_bytes_on_any_threads(int components)
    {
        float[] rows = Blobs.Rows(3, 90, Dimensions);
        UmapOptions options = new()
        {
            Components = components,
            DensityWeight = 2,
            Epochs = 40,
        };
        float[] layout = UmapModel.Fit(rows, Dimensions, options).Embedding.ToArray();
        Assert.All(layout, place => Assert.True(float.IsFinite(place)));
        Assert.Equal(layout, UmapModel.Fit(rows, Dimensions, options with { MaxDegreeOfParallelism = 1 }).Embedding.ToArray());
        Assert.NotEqual(layout, UmapModel.Fit(rows, Dimensions, options with { DensityWeight = 0 }).Embedding.ToArray());
    }

    [Fact]
    public void Copies_of_one_row_have_finite_points_with_a_density_weight()
    {
        float[] layout = UmapModel.Fit(new float[40 * Dimensions], Dimensions, new() { DensityWeight = 2 }).Embedding.ToArray();
        Assert.All(layout, place => Assert.True(float.IsFinite(place)));
    }

    /// <summary>The mean distance of points to their center.</summary>
    private static double Width(ReadOnlySpan<float> points)
    {
        double x = 0,
            y = 0,
            sum = 0;
        for (int i = 0; i < points.Length; i += 2)
            (x, y) = (x + (2.0 * points[i] / points.Length), y + (2.0 * points[i + 1] / points.Length));
        for (int i = 0; i < points.Length; i += 2)
            sum += Math.Sqrt(((points[i] - x) * (points[i] - x)) + ((points[i + 1] - y) * (points[i + 1] - y)));
        return 2 * sum / points.Length;
    }

    private static double Slope(SparseGraph graph, float[] distances, UmapCurve curve, UmapOptions options, float[] positions, int at)
    {
        const double Step = 1e-4;
        double[] moved = Array.ConvertAll(positions, place => (double)place);
        moved[at] += Step;
        double above = Objective(graph, distances, curve, options, moved);
        moved[at] -= 2 * Step;
        return (above - Objective(graph, distances, curve, options, moved)) / (2 * Step);
    }

    /// <summary>The covariance of the radii of rows and points over the deviation of the latter, as the paper defines it.</summary>
    private static double Objective(SparseGraph graph, float[] distances, UmapCurve curve, UmapOptions options, double[] positions)
    {
        (double a, double b) = curve;
        int n = graph.Count;
        double[] rows = new double[n],
            points = new double[n];
        for (int i = 0; i < n; i++)
        {
            double weights = 0,
                similarities = 0;
            for (int e = 0; e < graph.TailsOf(i).Length; e++)
            {
                int j = graph.TailsOf(i)[e];
                double weight = graph.WeightsOf(i)[e],
                    square =
                        Math.Pow(positions[2 * i] - positions[2 * j], 2) + Math.Pow(positions[(2 * i) + 1] - positions[(2 * j) + 1], 2),
                    similarity = 1 / (1 + (a * Math.Pow(square, b)));
                rows[i] += weight * Math.Pow(distances[(i * n) + j], 2);
                points[i] += similarity * square;
                weights += weight;
                similarities += similarity;
            }

            (rows[i], points[i]) = (Math.Log(rows[i] / weights), Math.Log(points[i] / similarities));
        }

        double rowMean = rows.Average(),
            mean = points.Average(),
            deviation = Math.Sqrt(rows.Average(row => (row - rowMean) * (row - rowMean))),
            variance = options.DensityVarianceShift + points.Average(point => (point - mean) * (point - mean));
        return rows.Zip(points, (row, point) => (row - rowMean) / deviation * (point - mean)).Average() / Math.Sqrt(variance);
    }

    private static float[] Distances(float[] rows, int count, int dimensions)
    {
        float[] distances = new float[count * count];
        for (int i = 0; i < distances.Length; i++)
        {
            double square = 0;
            for (int c = 0; c < dimensions; c++)
                square += Math.Pow(rows[(i / count * dimensions) + c] - rows[(i % count * dimensions) + c], 2);
            distances[i] = (float)Math.Sqrt(square);
        }

        return distances;
    }
}
