using ScottPlot;
using Sextant.Plotting.Coloring;
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
internal sealed class TitlePanel(string title, PlotColors palette, TextPainter painter, float fontSize = TitlePanel.Large)
    : EdgePanel(Edge.Top, size: (fontSize < TitlePanel.Large ? 2 : 3) * fontSize)
{
    /// <summary>The font size of the title of a picture.</summary>
    public const float Large = 17;

    /// <summary>The font size of the title of one panel among several.</summary>
    public const float Small = 13;

    private const int LongestTitle = 90;

    private readonly string _title = Excerpt.Cut(title, LongestTitle);

    protected override void Draw(RenderPack rp, PixelRect place) => DrawAt(rp.Canvas, place);

    /// <summary>Draws the title into a rectangle.</summary>
    public void DrawAt(SkiaSharp.SKCanvas canvas, PixelRect place)
    {
        float size = fontSize,
            width = painter.Measure(_title, size);
        if (width > place.Width)
            (size, width) = (size * place.Width / width, place.Width);
        painter.Draw(
            canvas,
            _title,
            place.HorizontalCenter - (width / 2),
            place.Bottom - (fontSize < Large ? fontSize / 2 : fontSize),
            size,
            palette.Ink.ToSKColor()
        );
    }
}

/// <summary>A remark below the frame.</summary>
internal sealed class NotePanel(string note, PlotColors palette, TextPainter painter) : EdgePanel(Edge.Bottom, size: 2 * FontSize)
{
    private const float FontSize = 10;

    protected override void Draw(RenderPack rp, PixelRect place) =>
        painter.Draw(rp.Canvas, note, place.Left, place.Top + FontSize, FontSize, palette.Ink.ToSKColor());
}
