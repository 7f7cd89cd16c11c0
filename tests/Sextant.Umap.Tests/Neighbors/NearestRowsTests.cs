using Sextant.Numerics;
using Sextant.Umap.Neighbors;

namespace Sextant.Umap.Tests.Neighbors;

public sealed class NearestRowsTests
{
    private const int Dimensions = 16,
        Width = 14;

    private static readonly ParallelOptions All = new();

    [Theory]
    [InlineData(SimilarityMetric.Cosine)]
    [InlineData(SimilarityMetric.Euclidean)]
    [InlineData(SimilarityMetric.Dot)]
    public void Cells_find_nearly_all_exact_neighbors(SimilarityMetric metric)
    {
        PreparedRows rows = PreparedRows.Create(Blobs.Rows(40, 6000, Dimensions), Dimensions, metric);
        NeighborTable exact = ExactNeighbors.Find(rows, rows, Width, All),
            cells = ClusteredNeighbors.Find(rows, Width, seed: 1, All);
        int found = Enumerable.Range(0, rows.Count).Sum(i => cells.Rows(i).ToArray().Intersect(exact.Rows(i).ToArray()).Count());
        Assert.InRange((double)found / (rows.Count * Width), 0.93, 1);
    }

    [Fact]
    public void Cells_of_equal_rows_find_neighbors_at_distance_0()
    {
        float[] same = new float[3000 * Dimensions];
        Array.Fill(same, 0.5f);
        PreparedRows rows = PreparedRows.Create(same, Dimensions, SimilarityMetric.Cosine);
        NeighborTable table = ClusteredNeighbors.Find(rows, Width, seed: 1, All);
        for (int i = 0; i < rows.Count; i++)
        {
            Assert.DoesNotContain(i, table.Rows(i).ToArray());
            Assert.All(table.Distances(i).ToArray(), distance => Assert.Equal(0, distance));
        }
    }

    [Fact]
    public void Many_rows_have_the_same_layout_with_one_and_two_threads()
    {
        float[] rows = Blobs.Rows(40, NearestRows.ExactUpTo + 500, Dimensions);
        float[] one = UmapModel.Fit(rows, Dimensions, new() { MaxDegreeOfParallelism = 1, Epochs = 5 }).Embedding.ToArray();
        float[] two = UmapModel.Fit(rows, Dimensions, new() { MaxDegreeOfParallelism = 2, Epochs = 5 }).Embedding.ToArray();
        Assert.Equal(one, two);
    }
}
