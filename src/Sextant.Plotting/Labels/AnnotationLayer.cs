using ScottPlot;
using Sextant.Plotting.Coloring;
using Sextant.Plotting.Scatter;
using Sextant.Plotting.Text;
using SkiaSharp;

namespace Sextant.Plotting.Labels;

/// <summary>The starts of the texts, next to their points, as many as fit without covering anything.</summary>
internal sealed class AnnotationLayer(PointLayer points, IReadOnlyList<string> texts, int length, PlotColors palette, TextPainter painter)
    : IPlottable
{
    private const float LineHeight = 1.2f;
    private const float Baseline = 0.95f;
    private const int FewPoints = 60;

    /// <summary>Beyond this share of the picture, labels hide the shape of the map.</summary>
    private const float MostOfThePicture = 0.12f;

    private SKRect _frame;
    private List<PlacedLabel> _placed = [];

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    private float FontSize =>
        texts.Count <= 24 ? 14
        : texts.Count <= FewPoints ? 12
        : 10;

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        foreach (PlacedLabel label in Place(rp.DataRect))
        {
            painter.Draw(
                rp.Canvas,
                label.Request.Text,
                label.Box.Left,
                label.Box.Top + (Baseline * FontSize),
                FontSize,
                palette.Ink.ToSKColor()
            );
        }
    }

    /// <summary>Draws the lines between labels and points that are not side by side.</summary>
    public void RenderLeaders(RenderPack rp)
    {
        using SKPaint line = new()
        {
            Color = palette.Ink.WithAlpha(0.45).ToSKColor(),
            IsAntialias = true,
            IsStroke = true,
            StrokeWidth = 0.8f,
        };
        foreach (PlacedLabel label in Place(rp.DataRect))
        {
            if (label.Gap > LabelEnergy.Beside)
                rp.Canvas.DrawLine(label.Request.Point, PlacedLabel.Nearest(label.Box, label.Request.Point), line);
        }
    }

    // Both layers draw from one placement; a picture is drawn more than once, and the frame changes until all panels are measured.
    private List<PlacedLabel> Place(PixelRect area)
    {
        SKRect frame = area.ToSKRect();
        if (frame == _frame)
            return _placed;
        _frame = frame;
        points.Axes.DataRect = area;
        int[] drawn = [.. Enumerable.Range(0, texts.Count).Where(points.IsDrawn)];
        SKPoint[] places = Array.ConvertAll(drawn, points.Pixel);
        float budget = MostOfThePicture * frame.Width * frame.Height,
            typical = FontSize * LineHeight * FontSize * 0.55f * Math.Min(length, 20);
        int wanted = Math.Max(1, (int)(budget / typical));
        List<LabelRequest> requests = [];
        foreach (int i in LabelImportance.Order(frame, places, MathF.Sqrt(frame.Width * frame.Height / wanted) / 1.5f, 4 * wanted))
        {
            string text = painter.Showable(Excerpt.Cut(PlainText.Strip(texts[drawn[i]]), length));
            if (text.Length > 0)
                requests.Add(new(places[i], text, new(painter.Measure(text, FontSize), FontSize * LineHeight)));
        }

        bool few = drawn.Length <= FewPoints;
        LabelEnergy energy = new(frame, new PointGrid(frame, places, 16), points.Reach + 0.5f);
        _placed =
        [
            .. new LabelPlacement(energy)
                .Place(requests, few ? requests.Count : wanted, few ? float.PositiveInfinity : budget, farthest: few ? 110 : 40)
                .Select(one => one.Placed),
        ];
        return _placed;
    }
}
