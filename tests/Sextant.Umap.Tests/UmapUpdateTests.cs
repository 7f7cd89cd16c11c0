using Sextant.Numerics;

namespace Sextant.Umap.Tests;

public sealed class UmapUpdateTests
{
    private const int Dimensions = 8;
    private const int Count = 160;

    [Theory]
    [InlineData(SimilarityMetric.Cosine)]
    [InlineData(SimilarityMetric.Dot)]
    [InlineData(SimilarityMetric.Euclidean)]
    public void Added_rows_join_their_groups_and_the_others_stay_near_their_positions(SimilarityMetric metric)
    {
        float[] all = Blobs.Rows(4, Count + 40, Dimensions);
        UmapModel first = UmapModel.Fit(all.AsMemory(0, Count * Dimensions), Dimensions, new() { Metric = metric });
        float[] before = first.Embedding.ToArray();

        UmapModel updated = first.Update(all.AsMemory(Count * Dimensions));

        Assert.Equal(Count + 40, updated.Count);
        Assert.Equal(before, first.Embedding.ToArray());
        Assert.InRange(
            ProjectionQuality.Trustworthiness(all, Dimensions, updated.Embedding, 2, metric: metric),
            ProjectionQuality.Trustworthiness(all, Dimensions, UmapModel.Fit(all, Dimensions, first.Options).Embedding, 2, metric: metric)
                - 0.02,
            1
        );
        double width = before.Max() - before.Min();
        double moved = Enumerable.Range(0, Count).Average(i => Distance(before, i, updated.Embedding.Span, i));
        Assert.InRange(moved / width, 0, 0.1);
    }

    [Fact]
    public void Updated_model_compares_rows_like_one_fitted_to_all_of_them()
    {
        float[] all = Blobs.Rows(4, Count, Dimensions);
        all.AsSpan((Count - 2) * Dimensions).Clear();
        UmapModel updated = UmapModel.Fit(all.AsMemory(0, 100 * Dimensions), Dimensions).Update(all.AsMemory(100 * Dimensions));
        UmapModel whole = UmapModel.Fit(all, Dimensions);
        float[] row = Blobs.Rows(4, 1, Dimensions, seed: 21);

        // The nearest rows decide where a row is placed, so equal neighbors mean equal comparisons.
        Assert.Equal(Nearest(whole, whole.Transform(row)), Nearest(updated, updated.Transform(row)));
    }

    [Fact]
    public void Updating_nothing_with_rows_is_a_fit()
    {
        float[] rows = Blobs.Rows(2, 30, Dimensions);
        UmapOptions options = new() { Epochs = 20 };
        Assert.Equal(
            UmapModel.Fit(rows, Dimensions, options).Embedding.ToArray(),
            UmapModel.Fit(ReadOnlyMemory<float>.Empty, Dimensions, options).Update(rows).Embedding.ToArray()
        );
    }

    [Fact]
    public void Model_of_neighbors_cannot_be_updated() =>
        Assert.Throws<InvalidOperationException>(() =>
            UmapModel.Fit(new NeighborTable(4, [1, 2, 0, 3, 0, 3, 1, 2], [1, 2, 1, 2, 2, 1, 2, 1])).Update(new float[Dimensions])
        );

    /// <summary>The group of the point nearest to another.</summary>
    private static int Nearest(UmapModel model, float[] point) =>
        Enumerable.Range(0, model.Count - 2).MinBy(i => Distance(point, 0, model.Embedding.Span, i)) % 4;

    private static double Distance(ReadOnlySpan<float> a, int i, ReadOnlySpan<float> b, int j) =>
        Math.Sqrt(Math.Pow(a[2 * i] - b[2 * j], 2) + Math.Pow(a[(2 * i) + 1] - b[(2 * j) + 1], 2));
}
