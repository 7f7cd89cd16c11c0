using ScottPlot;
using Sextant.Plotting.Coloring;
using Sextant.Plotting.Maps;
using Sextant.Plotting.Scatter;
using Sextant.Plotting.Text;
using SkiaSharp;

namespace Sextant.Plotting.Labels;

/// <summary>
/// The starts of the texts, next to their points, or the names of clusters: as many as fit without covering anything.
/// </summary>
internal sealed class AnnotationLayer(
    PointLayer points,
    IReadOnlyList<string> texts,
    IReadOnlyList<ClusterLabel>? clusters,
    int length,
    PlotColors palette,
    TextPainter painter
) : IPlottable
{
    private const float LineHeight = 1.2f;
    private const float Baseline = 0.95f;
    private const int FewPoints = 60;
    private const float Farthest = 110;

    /// <summary>Beyond this share of the picture, labels hide the shape of the map.</summary>
    private const float MostOfThePicture = 0.12f;

    private SKRect _frame;
    private List<PlacedLabel> _placed = [];

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    private float FontSize =>
        clusters is not null ? 12
        : texts.Count <= 24 ? 14
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
        LabelEnergy energy = new(frame, new PointGrid(frame, places, 16), points.Reach + 0.5f);
        if (clusters is not null)
        {
            LabelRequest[] names =
            [
                .. clusters.Select(cluster => Request(points.Pixel(cluster.Point), cluster.Text)).OfType<LabelRequest>(),
            ];
            _placed = Placed(energy, names, names.Length, float.PositiveInfinity, Farthest);
            return _placed;
        }

        int[] own = [.. Enumerable.Range(0, drawn.Length).Where(i => points.IsCounted(drawn[i]))];
        SKPoint[] ownPlaces = Array.ConvertAll(own, i => places[i]);
        float budget = MostOfThePicture * frame.Width * frame.Height,
            typical = FontSize * LineHeight * FontSize * 0.55f * Math.Min(length, 20);
        int wanted = Math.Max(1, (int)(budget / typical));
        List<LabelRequest> requests = [];
        foreach (int i in LabelImportance.Order(frame, ownPlaces, MathF.Sqrt(frame.Width * frame.Height / wanted) / 1.5f, 4 * wanted))
        {
            if (Request(ownPlaces[i], Excerpt.Cut(PlainText.Strip(texts[drawn[own[i]]]), length)) is { } request)
                requests.Add(request);
        }

        bool few = own.Length <= FewPoints;
        _placed = few
            ? Placed(energy, requests, requests.Count, float.PositiveInfinity, Farthest)
            : Placed(energy, requests, wanted, budget, farthest: 40);
        return _placed;
    }

    private static List<PlacedLabel> Placed(
        LabelEnergy energy,
        IReadOnlyList<LabelRequest> labels,
        int first,
        float area,
        float farthest
    ) => [.. new LabelPlacement(energy).Place(labels, first, area, farthest).Select(one => one.Placed)];

    private LabelRequest? Request(SKPoint point, string text)
    {
        string shown = painter.Showable(text);
        return shown.Length == 0 ? null : new(point, shown, new(painter.Measure(shown, FontSize), FontSize * LineHeight));
    }
}
