using ScottPlot;
using Sextant.Plotting.Text;

namespace Sextant.Plotting.Scatter;

/// <summary>A panel next to the frame that takes its space from it.</summary>
internal abstract class EdgePanel(Edge edge, float size) : IPanel
{
    public bool IsVisible { get; set; } = true;

    public float MinimumSize { get; set; }

    public float MaximumSize { get; set; } = float.MaxValue;

    public Edge Edge => edge;

    public bool ShowDebugInformation { get; set; }

    public float Measure(Paint paint) => size;

    public PixelRect GetPanelRect(PixelRect dataRect, float size, float offset, Paint paint) =>
        edge switch
        {
            Edge.Top => new(dataRect.Left, dataRect.Right, dataRect.Top - offset, dataRect.Top - offset - size),
            Edge.Bottom => new(dataRect.Left, dataRect.Right, dataRect.Bottom + offset + size, dataRect.Bottom + offset),
            _ => new(dataRect.Right + offset, dataRect.Right + offset + size, dataRect.Bottom, dataRect.Top),
        };

    public void Render(RenderPack rp, float size, float offset) => Draw(rp, GetPanelRect(rp.DataRect, size, offset, rp.Paint));

    protected abstract void Draw(RenderPack rp, PixelRect place);
}

/// <summary>The title, in the middle above the frame.</summary>
internal sealed class TitlePanel(string title, PlotColors palette, TextPainter painter) : EdgePanel(Edge.Top, size: 3 * FontSize)
{
    private const float FontSize = 17;
    private const int LongestTitle = 90;

    private readonly string _title = Excerpt.Cut(title, LongestTitle);

    protected override void Draw(RenderPack rp, PixelRect place)
    {
        float size = FontSize,
            width = painter.Measure(_title, size);
        if (width > place.Width)
            (size, width) = (size * place.Width / width, place.Width);
        painter.Draw(rp.Canvas, _title, place.HorizontalCenter - (width / 2), place.Bottom - FontSize, size, palette.Ink.ToSKColor());
    }
}

/// <summary>A remark below the frame.</summary>
internal sealed class NotePanel(string note, PlotColors palette, TextPainter painter) : EdgePanel(Edge.Bottom, size: 2 * FontSize)
{
    private const float FontSize = 10;

    protected override void Draw(RenderPack rp, PixelRect place) =>
        painter.Draw(rp.Canvas, note, place.Left, place.Top + FontSize, FontSize, palette.Ink.ToSKColor());
}

/// <summary>The legend of the colors, to the right of the frame; as many lines as fit.</summary>
internal sealed class LegendPanel(string heading, IReadOnlyList<LegendLine> lines, PlotColors palette, TextPainter painter)
    : EdgePanel(Edge.Right, Width(heading, lines, painter))
{
    private const float FontSize = 12;
    private const float LineHeight = 19;
    private const float Indent = 26;
    private const int LongestLine = 28;

    protected override void Draw(RenderPack rp, PixelRect place)
    {
        float y = place.Top + FontSize;
        painter.Draw(rp.Canvas, Excerpt.Cut(heading, LongestLine), place.Left + 12, y, FontSize, palette.Ink.ToSKColor());
        using SkiaSharp.SKPaint paint = new() { IsAntialias = true };
        int fit = Math.Max(1, (int)((place.Height - FontSize) / LineHeight));
        for (int i = 0; i < lines.Count && i < fit; i++)
        {
            y += LineHeight;
            bool cut = i == fit - 1 && lines.Count > fit;
            paint.Color = lines[i].Color.ToSKColor();
            if (!cut)
                rp.Canvas.DrawCircle(place.Left + 17, y - (FontSize * 0.35f), 5, paint);
            painter.Draw(
                rp.Canvas,
                cut ? "…" : Excerpt.Cut(lines[i].Text, LongestLine),
                place.Left + Indent,
                y,
                FontSize,
                palette.Ink.ToSKColor()
            );
        }
    }

    private static float Width(string heading, IReadOnlyList<LegendLine> lines, TextPainter painter) =>
        Indent
        + 12
        + lines.Select(line => line.Text).Append(heading).Max(text => painter.Measure(Excerpt.Cut(text, LongestLine), FontSize));
}
