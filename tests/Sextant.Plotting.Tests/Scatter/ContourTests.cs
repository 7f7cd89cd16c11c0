using Sextant.Plotting.Scatter;
using SkiaSharp;

namespace Sextant.Plotting.Tests.Scatter;

public sealed class ContourTests
{
    [Fact]
    public void Density_of_a_grid_is_the_sum_of_a_kernel_around_each_point()
    {
        SKPoint[] points = [new(300, 200), new(320, 210), new(100, 350)];
        DensityGrid grid = new(SKRect.Create(600, 400), points);

        // Half of Scott's rule, in pixels, by hand.
        double Bandwidth(Func<SKPoint, double> axis) =>
            0.5 * Math.Pow(3, -1.0 / 6) * Math.Sqrt(points.Average(p => Math.Pow(axis(p) - points.Average(axis), 2)));
        double x = Bandwidth(p => p.X),
            y = Bandwidth(p => p.Y);
        double Expected(SKPoint at) => points.Sum(p => Math.Exp(-0.5 * (Math.Pow((p.X - at.X) / x, 2) + Math.Pow((p.Y - at.Y) / y, 2))));
        double scale = grid.At(points[0]) / Expected(points[0]);
        foreach (SKPoint at in (SKPoint[])[new(310, 205), new(120, 340)])
            Assert.InRange(grid.At(at) / (scale * Expected(at)), 0.97, 1.03);
    }

    [Fact]
    public void Contours_are_drawn_as_four_areas_with_lines_and_the_points_stay()
    {
        MapData data = Samples.Clusters(120, 3);
        string plain = ScatterPlot.ToSvg(data, new() { Annotate = false }),
            contours = ScatterPlot.ToSvg(data, new() { Annotate = false, Contours = true });
        Assert.Equal(
            4,
            Count(contours, "stroke-width=\"1\" stroke-linecap=\"round\"") - Count(plain, "stroke-width=\"1\" stroke-linecap=\"round\"")
        );
        Assert.Equal(Count(plain, "<ellipse"), Count(contours, "<ellipse"));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
