using System.Globalization;
using ScottPlot;
using Sextant.Plotting.Coloring;
using Sextant.Plotting.Text;
using SkiaSharp;

namespace Sextant.Plotting.Scatter;

/// <summary>The color bar of a numeric field, with its name above it.</summary>
internal sealed class ScalePanel(string heading, ScottPlot.Range scale, PlotColors palette, TextPainter painter)
    : EdgePanel(Edge.Right, Width(heading, scale, painter))
{
    private const float BarWidth = 16;
    private const float FontSize = 12;
    private const float TickSize = 11;
    private const float Indent = 12;
    private const int LongestHeading = 28;
    private const int MostTicks = 8;

    private static readonly int[] Factors = [1, 2, 5, 10];

    /// <summary>The width of a color bar with its numbers.</summary>
    public static float Width(string heading, ScottPlot.Range scale, TextPainter painter) =>
        Indent
        + 12
        + Math.Max(
            painter.Measure(Excerpt.Cut(heading, LongestHeading), FontSize),
            BarWidth + 8 + Ticks(scale).Max(tick => painter.Measure(Show(tick), TickSize))
        );

    /// <summary>Draws the bar into a rectangle.</summary>
    public void DrawAt(SKCanvas canvas, PixelRect place)
    {
        SKColor ink = palette.Ink.ToSKColor();
        painter.Draw(canvas, Excerpt.Cut(heading, LongestHeading), place.Left + Indent, place.Top + FontSize, FontSize, ink);
        float top = place.Top + (2 * FontSize),
            height = place.Bottom - top - (FontSize / 2),
            left = place.Left + Indent;
        using SKPaint paint = new();
        for (int y = 0; y < height; y++)
        {
            paint.Color = PointColors.Colormap.GetColor(1 - (y / (height - 1))).ToSKColor();
            canvas.DrawRect(left, top + y, BarWidth, Math.Min(1.5f, height - y), paint);
        }

        paint.Color = ink;
        foreach (double tick in Ticks(scale))
        {
            double part = scale.Max > scale.Min ? (tick - scale.Min) / (scale.Max - scale.Min) : 0.5;
            float y = top + (float)((1 - part) * height);
            canvas.DrawRect(left + BarWidth, y - 0.5f, 4, 1, paint);
            painter.Draw(canvas, Show(tick), left + BarWidth + 8, y + (TickSize * 0.35f), TickSize, ink);
        }
    }

    protected override void Draw(RenderPack rp, PixelRect place) => DrawAt(rp.Canvas, place);

    // Years must not read "2,024".
    private static string Show(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>Round numbers in the range, in steps of 1, 2 or 5 times a power of ten.</summary>
    private static double[] Ticks(ScottPlot.Range scale)
    {
        double length = scale.Max - scale.Min;
        if (!(length > 0))
            return [scale.Min];
        double power = Math.Pow(10, Math.Floor(Math.Log10(length / MostTicks))),
            step = Factors.Select(factor => factor * power).First(s => length / s <= MostTicks);
        int first = (int)Math.Ceiling((scale.Min / step) - 1e-9),
            last = (int)Math.Floor((scale.Max / step) + 1e-9);
        return [.. Enumerable.Range(first, last - first + 1).Select(i => Math.Round(i * step, 12))];
    }
}
