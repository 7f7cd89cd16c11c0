using Sextant.Plotting.Scatter;

namespace Sextant.Plotting.Tests.Scatter;

public sealed class NarrowedGapsTests
{
    [Fact]
    public void Empty_band_becomes_a_fifth_of_the_picture()
    {
        float[] x = X(NarrowedGaps.Apply(Line([.. Enumerable.Range(0, 12), .. Enumerable.Range(1000, 12)])));

        Assert.Equal(0.2f, (x[12] - x[11]) / (x[^1] - x[0]), 0.001f);
        Assert.Equal(1f, x[1] - x[0], 0.001f);
        Assert.Equal(x.Order(), x);
    }

    [Fact]
    public void Bands_of_very_different_widths_are_all_narrowed()
    {
        float[] x = X(NarrowedGaps.Apply(Line([.. Enumerable.Range(0, 9), .. Enumerable.Range(200, 9), .. Enumerable.Range(90_000, 9)])));

        float range = x[^1] - x[0];
        Assert.All(x.Zip(x.Skip(1)), pair => Assert.True(pair.Second - pair.First <= 0.201f * range));
    }

    [Theory]
    [InlineData(new float[] { 1, 5 })]
    [InlineData(new float[] { 1, 2, 5 })]
    [InlineData(new float[] { 3, 3, 3 })]
    [InlineData(new float[] { 1, 2, 3, 4, 5, 6, 7 })]
    public void Evenly_spread_or_few_points_stay(float[] x) => Assert.Equal(x, X(NarrowedGaps.Apply(Line(x))));

    [Fact]
    public void Point_without_a_position_stays_without_one() =>
        Assert.True(float.IsNaN(NarrowedGaps.Apply([0, 0, float.NaN, 1, 100, 0, 101, 0])[2]));

    private static float[] Line(IEnumerable<int> x) => Line(x.Select(value => (float)value));

    private static float[] Line(IEnumerable<float> x) => [.. x.SelectMany(value => new[] { value, 0 })];

    private static float[] X(float[] positions) => [.. positions.Where((_, i) => i % 2 == 0)];
}
