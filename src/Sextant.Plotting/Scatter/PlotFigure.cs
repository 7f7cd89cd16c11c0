using ScottPlot;
using Sextant.Plotting.Coloring;
using Sextant.Plotting.Text;
using SkiaSharp;

namespace Sextant.Plotting.Scatter;

/// <summary>Several plots in one picture, with one title and one legend.</summary>
internal sealed class PlotFigure
{
    private const float TitleHeight = 3 * TitlePanel.Large;

    /// <summary>The area of a picture whose points are as large as those of a single plot.</summary>
    private const float FullSize = 1152 * 768;

    private readonly IReadOnlyList<PlotPanel> _panels;
    private readonly ScatterPlotOptions _options;
    private readonly MapField? _field;
    private readonly PointColors _legendColors;

    /// <exception cref="InputException">A panel lacks the field of the colors.</exception>
    public PlotFigure(IReadOnlyList<PlotPanel> panels, ScatterPlotOptions options)
    {
        (_panels, _options) = (panels, options);
        _field = options.Label is { } label ? panels[0].Data.Field(label) : null;
        _legendColors = Colors(panels[0].Data);
    }

    /// <summary>Draws everything.</summary>
    /// <param name="canvas">What to draw on.</param>
    /// <param name="size">The size of the picture, in pixels at 96 to the inch.</param>
    /// <param name="createPainter">Makes what writes the text of one plot.</param>
    public void Draw(SKCanvas canvas, SKSize size, Func<TextPainter> createPainter)
    {
        PlotColors palette = PlotColors.Get(_options.Theme);
        canvas.Clear(palette.Background.ToSKColor());
        TextPainter painter = createPainter();
        float top = _options.Title.Length > 0 ? TitleHeight : 0,
            right = size.Width;
        if (_field is not null)
            right = DrawLegend(canvas, size, top, palette, painter);
        if (top > 0)
            new TitlePanel(_options.Title, palette, painter).DrawAt(canvas, new(0, right, top, 0));
        int columns = Columns(_panels.Count, right / (size.Height - top)),
            rows = (_panels.Count + columns - 1) / columns;
        float width = right / columns,
            height = (size.Height - top) / rows;
        for (int i = 0; i < _panels.Count; i++)
        {
            float x = i % columns * width,
                y = top + (i / columns * height);
            Draw(canvas, _panels[i], new(x, x + width, y + height, y), palette, createPainter());
        }
    }

    /// <summary>Draws what explains the colors, at the right edge.</summary>
    /// <returns>Where it begins.</returns>
    private float DrawLegend(SKCanvas canvas, SKSize size, float top, PlotColors palette, TextPainter painter)
    {
        float right = size.Width,
            bottom = size.Height - TitlePanel.Large,
            begin = top + TitlePanel.Large;
        string heading = _field!.Name;
        if (_legendColors.Legend.Count > 0)
        {
            string name = _legendColors.Scale is null ? heading : "";
            float left = right - LegendPanel.Width(name, _legendColors.Legend, painter);
            new LegendPanel(name, _legendColors.Legend, palette, painter).DrawAt(canvas, new(left, right, bottom, begin));
            right = left;
        }

        if (_legendColors.Scale is { } scale)
        {
            float left = right - ScalePanel.Width(heading, scale, painter);
            new ScalePanel(heading, scale, palette, painter).DrawAt(canvas, new(left, right, bottom, begin));
            right = left;
        }

        return right;
    }

    private void Draw(SKCanvas canvas, PlotPanel panel, PixelRect place, PlotColors palette, TextPainter painter)
    {
        MapField? field = _field is null ? null : panel.Data.Field(_field.Name);
        using Plot plot = ScatterPlot.ComposePoints(
            panel.Data,
            _options,
            field,
            Colors(panel.Data),
            panel.Context,
            painter,
            out PointLayer points
        );
        points.Shrink = MathF.Pow(place.Width * place.Height / FullSize, 0.25f);
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.Axes.AddPanel(new TitlePanel(panel.Title, palette, painter, TitlePanel.Small));
        // The first rendering finds out how much room everything takes, and draws more than once.
        using (SKSurface nowhere = SKSurface.CreateNull((int)place.Right, (int)place.Bottom))
            plot.Render(nowhere.Canvas, place);
        plot.Render(canvas, place);
    }

    private PointColors Colors(MapData data) =>
        PointColors.Create(_options.Label is { } label ? data.Field(label) : null, data.Count, _options.Palette, _options.MaxCategories);

    /// <summary>The number of columns with which a panel is nearest to three wide by two high.</summary>
    private static int Columns(int panels, float aspect) =>
        Enumerable
            .Range(1, panels)
            .MinBy(columns =>
            {
                int rows = (panels + columns - 1) / columns;
                double empty = (double)((rows * columns) - panels) / panels;
                return Math.Abs(Math.Log(aspect * rows / columns / 1.3)) + empty;
            });
}
