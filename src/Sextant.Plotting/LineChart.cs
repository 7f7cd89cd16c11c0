using ScottPlot;
using Sextant.Plotting.Coloring;
using Sextant.Plotting.Text;

namespace Sextant.Plotting;

/// <summary>Draws lines over a common horizontal axis, read on the left or the right one, such as the curves of a training run.</summary>
public static class LineChart
{
    private static readonly string[] Colors = ["#30638e", "#d1495b", "#00798c", "#e8871e", "#8f2d56"];

    /// <summary>The chart as a PNG file.</summary>
    /// <param name="series">The lines; few points are marked, many are not.</param>
    /// <param name="title">The title.</param>
    /// <param name="bottom">The label of the horizontal axis.</param>
    /// <param name="left">The label of the left axis.</param>
    /// <param name="right">The label of the right axis; it is drawn only where a line needs it.</param>
    /// <param name="width">In pixels, 100 to 10,000.</param>
    /// <param name="height">In pixels, 100 to 10,000.</param>
    public static byte[] ToPng(
        IReadOnlyList<LineSeries> series,
        string title,
        string bottom,
        string left,
        string right,
        int width = 1200,
        int height = 700
    )
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(width, height), 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(width, height), 10_000);
        using Plot plot = new();
        plot.Font.Set(Typefaces.Own.FamilyName);
        PlotColors palette = PlotColors.Get(PlotTheme.Light);
        plot.Axes.Color(palette.Ink);
        plot.Title(title);
        plot.Axes.Bottom.Label.Text = bottom;
        plot.Axes.Left.Label.Text = left;
        for (int i = 0; i < series.Count; i++)
        {
            (double X, double Y)[] points =
            [
                .. series[i].X.Zip(series[i].Y).Where(static p => double.IsFinite(p.First) && double.IsFinite(p.Second)),
            ];
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(
                Array.ConvertAll(points, static p => p.X),
                Array.ConvertAll(points, static p => p.Y)
            );
            line.Color = Color.FromHex(Colors[i % Colors.Length]);
            line.LineWidth = 2;
            line.MarkerSize = points.Length <= 60 ? 7 : 0;
            line.LegendText = series[i].Name;
            if (series[i].OnRightAxis)
            {
                line.Axes.YAxis = plot.Axes.Right;
                plot.Axes.Right.Label.Text = right;
            }
        }

        plot.ShowLegend(Edge.Bottom);
        return plot.GetImageBytes(width, height, ImageFormat.Png);
    }
}
