using ScottPlot;
using Sextant.Plotting.Coloring;
using Sextant.Plotting.Text;

namespace Sextant.Plotting.Scatter;

/// <summary>The legend of the colors, to the right of the frame; many lines are smaller, and as many are shown as fit.</summary>
internal sealed class LegendPanel(string heading, IReadOnlyList<LegendLine> lines, PlotColors palette, TextPainter painter)
    : EdgePanel(Edge.Right, Width(heading, lines, painter))
{
    private const float FontSize = 12;
    private const float SmallestFontSize = 8;
    private const float LineHeight = 1.58f;
    private const float Indent = 26;
    private const int LongestLine = 28;

    protected override void Draw(RenderPack rp, PixelRect place) => DrawAt(rp.Canvas, place);

    /// <summary>Draws the legend into a rectangle.</summary>
    public void DrawAt(SkiaSharp.SKCanvas canvas, PixelRect place)
    {
        float y = place.Top + FontSize,
            fontSize = Math.Clamp((place.Height - FontSize) / (lines.Count + 1) / LineHeight, SmallestFontSize, FontSize),
            height = fontSize * LineHeight;
        painter.Draw(canvas, Excerpt.Cut(heading, LongestLine), place.Left + 12, y, FontSize, palette.Ink.ToSKColor());
        using SkiaSharp.SKPaint paint = new() { IsAntialias = true };
        int fit = Math.Max(1, (int)((place.Height - FontSize) / height));
        for (int i = 0; i < lines.Count && i < fit; i++)
        {
            y += height;
            bool cut = i == fit - 1 && lines.Count > fit;
            paint.Color = lines[i].Color.ToSKColor();
            if (!cut)
                PointShapes.Draw(canvas, lines[i].Shape, new(place.Left + 17, y - (fontSize * 0.35f)), fontSize * 0.42f, paint);
            painter.Draw(
                canvas,
                cut ? "…" : Excerpt.Cut(lines[i].Text, LongestLine),
                place.Left + Indent,
                y,
                fontSize,
                palette.Ink.ToSKColor()
            );
        }
    }

    /// <summary>The width of a legend.</summary>
    public static float Width(string heading, IReadOnlyList<LegendLine> lines, TextPainter painter) =>
        Indent
        + 12
        + lines.Select(line => line.Text).Append(heading).Max(text => painter.Measure(Excerpt.Cut(text, LongestLine), FontSize));
}
