using System.Numerics.Tensors;
using Sextant.Numerics;
using Sextant.Umap.Neighbors;

namespace Sextant.Umap.Tests;

public sealed class UmapModesTests
{
    private const int Dimensions = 8;

    [Fact]
    public void Labels_separate_rows_that_overlap()
    {
        float[] rows = Blobs.Rows(1, 200, Dimensions, noise: 1);
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 2)];
        Assert.InRange(Agreement(UmapModel.Fit(rows, Dimensions), labels), 0, 0.7);
        Assert.InRange(Agreement(UmapModel.FitSupervised(rows, Dimensions, labels, new() { TargetWeight = 0.9 }), labels), 0.9, 1);
    }

    [Fact]
    public void Labels_without_weight_change_nothing()
    {
        float[] rows = Blobs.Rows(2, 60, Dimensions);
        float[] plain = UmapModel.Fit(rows, Dimensions, new() { Epochs = 10 }).Embedding.ToArray();
        Assert.Equal(
            plain,
            UmapModel.FitSupervised(rows, Dimensions, new int[60], new() { Epochs = 10, TargetWeight = 0 }).Embedding.ToArray()
        );
    }

    [Fact]
    public void Number_of_labels_must_match_the_rows() =>
        Assert.Throws<ArgumentException>(() => UmapModel.FitSupervised(Blobs.Rows(2, 6, Dimensions), Dimensions, new int[5]));

    [Fact]
    public void Given_neighbors_yield_the_same_layout_as_the_rows()
    {
        float[] rows = Blobs.Rows(1, 150, Dimensions, noise: 1);
        PreparedRows prepared = PreparedRows.Create(rows, Dimensions, SimilarityMetric.Cosine);
        NeighborTable found = ExactNeighbors.Find(prepared, prepared, 14, new());
        int[] neighbors = [.. Enumerable.Range(0, 150).SelectMany(i => found.Rows(i).ToArray().Reverse())];
        float[] distances = [.. Enumerable.Range(0, 150).SelectMany(i => found.Distances(i).ToArray().Reverse())];
        UmapOptions options = new() { Epochs = 30 };
        Assert.Equal(
            UmapModel.Fit(rows, Dimensions, options).Embedding.ToArray(),
            UmapModel.Fit(new NeighborTable(150, neighbors, distances), options).Embedding.ToArray()
        );
    }

    [Fact]
    public void Given_distances_yield_the_same_layout_as_the_rows()
    {
        float[] rows = Blobs.Rows(3, 60, Dimensions);
        float[] distances =
        [
            .. Enumerable
                .Range(0, 3600)
                .Select(i =>
                    TensorPrimitives.Distance(rows.AsSpan(i / 60 * Dimensions, Dimensions), rows.AsSpan(i % 60 * Dimensions, Dimensions))
                ),
        ];
        UmapModel ofDistances = UmapModel.Fit(
                NeighborTable.FromDistances(60, distances),
                new() { Initialization = UmapInitialization.Random }
            ),
            ofRows = UmapModel.Fit(
                rows,
                Dimensions,
                new() { Initialization = UmapInitialization.Random, Metric = SimilarityMetric.Euclidean }
            );
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 3)];
        Assert.InRange(Agreement(ofDistances, labels), 1, 1);
        Assert.InRange(Agreement(ofRows, labels), 1, 1);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Invalid_distances_are_rejected_with_their_rows(float distance)
    {
        InputException thrown = Assert.Throws<InputException>(() => NeighborTable.FromDistances(2, [0, 1, distance, 0]));
        Assert.Contains("rows 1 and 0", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Number_of_distances_must_match_the_rows() =>
        Assert.Throws<ArgumentException>(() => NeighborTable.FromDistances(3, new float[8]));

    [Fact]
    public void Stronger_repulsion_moves_points_apart()
    {
        float[] rows = Blobs.Rows(3, 120, Dimensions);
        double[] gaps =
        [
            .. ((double[])[0.2, 1, 5]).Select(strength =>
                NearestGap(UmapModel.Fit(rows, Dimensions, new() { RepulsionStrength = strength }))
            ),
        ];
        Assert.Equal(gaps.Order(), gaps);
        Assert.True(gaps[2] > 1.5 * gaps[0], string.Join(' ', gaps));
    }

    [Fact]
    public void Labels_of_a_few_rows_separate_rows_that_have_none()
    {
        float[] rows = Blobs.Rows(2, 200, Dimensions, noise: 1.5);
        int[] truth = [.. Enumerable.Range(0, 200).Select(i => i % 2)],
            few = [.. truth.Select((label, i) => i % 10 < 4 ? label : -1)];
        Assert.InRange(
            Agreement(UmapModel.FitSupervised(rows, Dimensions, few, new() { TargetWeight = 0.9 }), truth),
            Agreement(UmapModel.Fit(rows, Dimensions), truth) + 0.01,
            1
        );
    }

    [Theory]
    [InlineData(3, 1f, "0 to 1")]
    [InlineData(1, -1f, "at least 0")]
    [InlineData(1, float.NaN, "finite")]
    public void Invalid_neighbors_are_rejected(int row, float distance, string said)
    {
        InputException thrown = Assert.Throws<InputException>(() => new NeighborTable(2, [row, 0], [distance, 1]));
        Assert.Contains(said, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SimilarityMetric.Cosine, 0f)]
    [InlineData(SimilarityMetric.Euclidean, 3f)]
    [InlineData(SimilarityMetric.Dot, -2f)]
    public void Constant_rows_have_finite_distinct_points(SimilarityMetric metric, float value)
    {
        float[] rows = new float[60 * Dimensions];
        Array.Fill(rows, value);
        float[] layout = UmapModel.Fit(rows, Dimensions, new() { Metric = metric }).Embedding.ToArray();
        Assert.All(layout, place => Assert.True(float.IsFinite(place)));
        Assert.Equal(60, layout.Chunk(2).Select(point => (point[0], point[1])).Distinct().Count());
    }

    [Fact]
    public void Copies_of_a_row_are_closer_to_each_other_than_to_copies_of_another()
    {
        float[] rows = Blobs.Rows(4, 80, Dimensions, noise: 0);
        Assert.InRange(Agreement(UmapModel.Fit(rows, Dimensions), [.. Enumerable.Range(0, 80).Select(i => i % 4)]), 1, 1);
    }

    [Fact]
    public void Progress_rises_to_1_and_the_work_can_be_canceled()
    {
        float[] rows = Blobs.Rows(3, 200, Dimensions);
        List<double> told = [];
        UmapModel.Fit(rows, Dimensions, progress: new Told(told.Add));
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1]);
        using CancellationTokenSource source = new();
        Told stop = new(done =>
        {
            if (done > 0.5)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            UmapModel.Fit(rows, Dimensions, progress: stop, cancellationToken: source.Token)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Layout_has_the_requested_components(int components)
    {
        float[] layout = UmapModel
            .Fit(Blobs.Rows(3, 40, Dimensions), Dimensions, new() { Components = components, Epochs = 20 })
            .Embedding.ToArray();
        Assert.Equal(40 * components, layout.Length);
        Assert.All(layout, place => Assert.True(float.IsFinite(place)));
    }

    [Theory]
    [InlineData(UmapInitialization.Spectral)]
    [InlineData(UmapInitialization.Pca)]
    [InlineData(UmapInitialization.Random)]
    public void Every_initialization_groups_neighbors_and_gives_a_different_layout(UmapInitialization start)
    {
        float[] rows = Blobs.Rows(4, 120, Dimensions);
        UmapModel model = UmapModel.Fit(rows, Dimensions, new() { Initialization = start, Metric = SimilarityMetric.Euclidean });

        Assert.True(Agreement(model, [.. Enumerable.Range(0, 120).Select(static i => i % 4)]) > 0.95);
        UmapInitialization other = start == UmapInitialization.Random ? UmapInitialization.Pca : UmapInitialization.Random;
        Assert.NotEqual(
            UmapModel.Fit(rows, Dimensions, new() { Initialization = other, Metric = SimilarityMetric.Euclidean }).Embedding.ToArray(),
            model.Embedding.ToArray()
        );
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 30, 10, 50)]
    [InlineData(1, 0, 10, 100)]
    [InlineData(0.5, 1000, 0.1, 0)]
    public void Extreme_options_give_finite_layouts(double mix, double connectivity, double repulsion, int negatives)
    {
        float[] rows = Blobs.Rows(4, 120, Dimensions);
        rows.AsSpan(0, 3 * Dimensions).Clear();
        UmapOptions options = new()
        {
            SetOpMixRatio = mix,
            LocalConnectivity = connectivity,
            RepulsionStrength = repulsion,
            NegativeSampleRate = negatives,
            DensityWeight = 5,
            DensityFraction = 1,
        };
        float[] layout = UmapModel.Fit(rows, Dimensions, options).Embedding.ToArray();
        Assert.All(layout, place => Assert.True(float.IsFinite(place)));
    }

    [Fact]
    public void Options_out_of_range_are_rejected_by_name()
    {
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(() =>
            UmapModel.Fit(new float[8], 8, new() { MinDist = 2 })
        );
        Assert.Contains("MinDist must be between 0 and the spread", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>The mean distance of a point to the nearest other.</summary>
    private static double NearestGap(UmapModel model)
    {
        PreparedRows points = PreparedRows.Create(model.Embedding.Span, 2, SimilarityMetric.Euclidean);
        NeighborTable nearest = ExactNeighbors.Find(points, points, 1, new());
        return Enumerable.Range(0, model.Count).Average(i => nearest.Distances(i)[0]);
    }

    /// <summary>The share of points whose nearest other point has their label.</summary>
    private static double Agreement(UmapModel model, int[] labels)
    {
        PreparedRows points = PreparedRows.Create(model.Embedding.Span, model.Options.Components, SimilarityMetric.Euclidean);
        NeighborTable nearest = ExactNeighbors.Find(points, points, 1, new());
        return Enumerable.Range(0, labels.Length).Average(i => labels[i] == labels[nearest.Rows(i)[0]] ? 1.0 : 0.0);
    }

    private sealed class Told(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
