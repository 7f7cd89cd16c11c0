using ScottPlot;
using Sextant.Plotting.Text;
using SkiaSharp;

namespace Sextant.Plotting.Scatter;

/// <summary>The starts of the texts, next to their points, as many as fit without overlap.</summary>
internal sealed class AnnotationLayer(PointLayer points, IReadOnlyList<string> texts, int length, PlotColors palette, TextPainter painter)
    : IPlottable
{
    private const float FontSize = 10;
    private const float Padding = 2;
    private const int OrderSeed = 2;

    /// <summary>Beyond this share of the picture, annotations hide what they are about.</summary>
    private const float MostOfThePicture = 0.12f;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        SKRect frame = rp.DataRect.ToSKRect();
        int[] order = [.. Enumerable.Range(0, texts.Count).Where(points.IsDrawn)];
        LabelPlacement places = new(frame, order.Select(points.Pixel));
        // A random choice shows each region in proportion to its number of points; the fixed seed makes it reproducible.
        new Random(OrderSeed).Shuffle(order);
        float budget = MostOfThePicture * frame.Width * frame.Height;
        using SKPaint ground = new() { Color = palette.Background.WithAlpha(0.65).ToSKColor() };
        foreach (int point in order)
        {
            if (budget < 0)
                break;
            string text = painter.Showable(Excerpt.Cut(texts[point], length));
            if (text.Length == 0)
                continue;
            SKSize size = new(painter.Measure(text, FontSize) + (2 * Padding), FontSize + (2 * Padding));
            if (places.Place(points.Pixel(point), size, points.Radius + 1) is not { } place)
                continue;
            budget -= size.Width * size.Height;
            rp.Canvas.DrawRect(place, ground);
            painter.Draw(rp.Canvas, text, place.Left + Padding, place.Bottom - (2 * Padding), FontSize, palette.Ink.ToSKColor());
        }
    }
}
