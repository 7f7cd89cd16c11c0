namespace Sextant.Umap.Tests;

public sealed class ProcrustesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Aligned_points_and_disparity_match_SciPy_also_for_a_mirrored_layout(int sign)
    {
        float[] reference = new float[24],
            points = new float[24];
        for (int i = 0; i < 12; i++)
        {
            (reference[2 * i], reference[(2 * i) + 1]) = ((float)Math.Sin(0.7 * i), (float)(2 * Math.Cos(1.3 * i)));
            points[2 * i] = (float)((3 * Math.Cos((1.3 * i) + 0.2)) + 1);
            points[(2 * i) + 1] = sign * (float)(Math.Sin((0.7 * i) + 0.1) - 2);
        }

        (float[] aligned, double disparity) = Procrustes.Align(reference, points);

        // scipy.spatial.procrustes, its unit size and zero center undone.
        Assert.Equal(0.0534552203593496, disparity, 1e-6);
        double[] expected = [0.08266962, 2.05525573, 0.52419136, 0.19073453, 0.73670974, -1.88904029];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], aligned[i], 1e-5);
    }

    [Fact]
    public void Layouts_without_extent_are_aligned_at_the_center()
    {
        (float[] aligned, double disparity) = Procrustes.Align([1, 2, 3, 4], [7, 7, 7, 7]);
        Assert.Equal([2, 3, 2, 3], aligned);
        Assert.Equal(0, disparity);
        Assert.Empty(Procrustes.Align([], []).Aligned);
    }

    [Fact]
    public void Layouts_of_different_lengths_are_rejected() =>
        Assert.Throws<ArgumentException>(() => Procrustes.Align([1, 2], [1, 2, 3, 4]));
}
