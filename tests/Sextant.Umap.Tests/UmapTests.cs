using Sextant.Umap.Layout;

namespace Sextant.Umap.Tests;

public sealed class UmapTests
{
    [Fact]
    public void Default_curve_matches_the_reference()
    {
        UmapCurve curve = UmapCurve.Fit(0.1, 1);
        Assert.Equal(1.5769434603, curve.A, 1e-6);
        Assert.Equal(0.8950608779, curve.B, 1e-6);
    }

    [Fact]
    public void One_seed_gives_the_same_bytes_with_one_and_two_threads()
    {
        float[] rows = Clusters(3, 200, 8);
        float[] one = UmapModel.Fit(rows, 8, new() { MaxDegreeOfParallelism = 1, Epochs = 50 }).Embedding.ToArray();
        float[] two = UmapModel.Fit(rows, 8, new() { MaxDegreeOfParallelism = 2, Epochs = 50 }).Embedding.ToArray();
        Assert.Equal(one, two);
    }

    [Fact]
    public void Layout_keeps_the_neighbors_of_clusters()
    {
        float[] rows = Clusters(3, 100, 8);
        float[] layout = UmapModel.Fit(rows, 8).Embedding.ToArray();
        Assert.True(ProjectionQuality.Trustworthiness(rows, 8, layout, 2) > 0.9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Few_rows_and_equal_rows_have_finite_points(int count)
    {
        float[] rows = new float[count * 4];
        Array.Fill(rows, 1);
        float[] layout = UmapModel.Fit(rows, 4).Embedding.ToArray();
        Assert.Equal(count * 2, layout.Length);
        Assert.All(layout, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void NaN_is_reported_with_its_position()
    {
        InputException thrown = Assert.Throws<InputException>(() => UmapModel.Fit(new float[] { 1, 2, 3, float.NaN }, 2));
        Assert.Contains("Value 1 of row 1", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_row_has_the_same_point_in_any_batch()
    {
        float[] rows = Clusters(3, 50, 8);
        UmapModel model = UmapModel.Fit(rows, 8, new() { Epochs = 60 });
        float[] together = model.Transform(rows.AsMemory(0, 80)),
            alone = model.Transform(rows.AsMemory(40, 8));
        Assert.Equal(together[10..12], alone);
    }

    [Fact]
    public void First_component_of_points_on_a_line_is_the_line()
    {
        PrincipalComponents components = PrincipalComponents.Fit(new float[] { 0, 0, 3, 4, 6, 8 }, 2, 1);
        Assert.Equal(0.6f, components.Axis(0)[0], 1e-5f);
        Assert.Equal(0.8f, components.Axis(0)[1], 1e-5f);
        Assert.Equal(25, components.Variances[0], 1e-3);
    }

    private static float[] Clusters(int clusters, int each, int dimensions)
    {
        var random = new UmapRandom(7);
        float[] rows = new float[clusters * each * dimensions];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (float)((0.3 * random.Normal()) + (i % dimensions == i / dimensions % clusters ? 2 : 0));
        return rows;
    }
}
