using System.Globalization;
using ScottPlot;
using Sextant.Plotting.Coloring;
using Sextant.Plotting.Labels;
using Sextant.Plotting.Maps;
using Sextant.Plotting.Scatter;
using Sextant.Plotting.Text;

namespace Sextant.Plotting;

/// <summary>Draws points on a plane, colored by a field and annotated with the starts of their texts.</summary>
/// <remarks>Text is drawn with the font in this package, and with the fonts of the machine for letters that it lacks.</remarks>
public static partial class ScatterPlot
{
    /// <summary>The name of a plot that was given none.</summary>
    public const string DefaultFileName = "embeddings_viz.png";

    /// <summary>The sizes here are in pixels at this many to the inch, as in CSS.</summary>
    private const double LogicalDpi = 96;

    /// <summary>The plot as a PNG file.</summary>
    /// <exception cref="InputException">The options name a field that does not exist, or are out of range.</exception>
    public static byte[] ToPng(MapData data, ScatterPlotOptions? options = null)
    {
        options ??= new();
        using PixelText painter = new();
        using Plot plot = Compose(data, options, painter);
        plot.ScaleFactor = options.Dpi / LogicalDpi;
        using Image image = plot.GetImage((int)Math.Round(options.Width * options.Dpi), (int)Math.Round(options.Height * options.Dpi));
        return image.GetImageBytes(ImageFormat.Png);
    }

    /// <summary>The plot as an SVG document, its texts as text.</summary>
    /// <exception cref="InputException">The options name a field that does not exist, or are out of range.</exception>
    public static string ToSvg(MapData data, ScatterPlotOptions? options = null)
    {
        options ??= new();
        using SvgText painter = new();
        using Plot plot = Compose(data, options, painter);
        string svg = plot.GetSvgXml((int)Math.Round(options.Width * LogicalDpi), (int)Math.Round(options.Height * LogicalDpi));
        return SvgText.Complete(svg, [painter]);
    }

    /// <summary>
    /// The characters of the title, the legend and the annotations that no font of this machine can draw. A PNG shows an ellipsis for
    /// them; an SVG keeps them as text, for the viewer's fonts.
    /// </summary>
    /// <exception cref="InputException">The options name a field that does not exist.</exception>
    public static IReadOnlyList<string> FindMissingCharacters(MapData data, ScatterPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        IEnumerable<string> shown = [options.Title];
        if (options.Label is { } label)
            shown = [.. shown, label, .. data.Field(label).Values.OfType<string>().Distinct(StringComparer.Ordinal)];
        if (options.Annotate && data.Texts is { } texts)
            shown = shown.Concat(texts.Select(text => Excerpt.Cut(PlainText.Strip(text), options.AnnotationLength)));
        return TextRun.FindMissing(shown);
    }

    private static Plot Compose(MapData data, ScatterPlotOptions options, TextPainter painter)
    {
        ArgumentNullException.ThrowIfNull(data);
        options.Check();
        PlotColors palette = PlotColors.Get(options.Theme);
        MapField? field = options.Label is { } label ? data.Field(label) : null;
        var colors = PointColors.Create(field, data.Count, options.Palette, options.MaxCategories);
        Plot plot = ComposePoints(data, options, field, colors, background: null, painter, out PointLayer points);
        if (options.Title.Length > 0)
            plot.Axes.AddPanel(new TitlePanel(options.Title, palette, painter));
        if (field is not null && colors.Scale is { } scale)
            plot.Axes.AddPanel(new ScalePanel(field.Name, scale, palette, painter));
        if (field is not null && colors.Legend.Count > 0)
            plot.Axes.AddPanel(new LegendPanel(colors.Scale is null ? field.Name : "", colors.Legend, palette, painter));
        if (points.Outside is > 0 and int outside)
            plot.Axes.AddPanel(new NotePanel(Outside(outside), palette, painter));
        return plot;
    }

    /// <summary>The points with their annotations in a frame, without title and legend.</summary>
    internal static Plot ComposePoints(
        MapData data,
        ScatterPlotOptions options,
        MapField? field,
        PointColors colors,
        IReadOnlyList<bool>? background,
        TextPainter painter,
        out PointLayer points
    )
    {
        PlotColors palette = PlotColors.Get(options.Theme);
        float[] positions = options.NarrowGaps ? NarrowedGaps.Apply(data.Positions.Span) : data.Positions.ToArray();
        points = new(positions, colors, options.Opacity, background is null ? null : (background, palette.Faint));
        Plot plot = new() { FigureBackground = { Color = palette.Background }, DataBackground = { Color = palette.Background } };
        plot.Font.Set(Typefaces.Own.FamilyName);
        IReadOnlyList<ClusterLabel>? clusters = options.ClusterNames ? [.. ClusterLabels.Of(data, positions, field)] : null;
        AnnotationLayer? labels =
            options.Annotate && data.Texts is { } texts ? new(points, texts, clusters, options.AnnotationLength, palette, painter) : null;
        if (options.Contours)
            plot.PlottableList.Add(new ContourLayer(points, data.Count, palette));
        if (labels is not null)
            plot.PlottableList.Add(new LeaderLayer(labels));
        plot.PlottableList.Add(points);
        if (labels is not null)
            plot.PlottableList.Add(labels);
        Frame(plot, palette);
        // A picture is drawn more than once: first to find out how much room everything takes.
        plot.RenderManager.RenderStarting += (_, _) => painter.Begin();
        return plot;
    }

    private static string Outside(int points) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{points:N0} {(points == 1 ? "point is" : "points are")} outside the frame, marked at its edge"
        );

    // Directions and distances on such a map have no unit, so the frame carries no numbers.
    private static void Frame(Plot plot, PlotColors palette)
    {
        plot.HideGrid();
        plot.Axes.Title.IsVisible = false;
        plot.Axes.FrameColor(palette.Faint);
        foreach (IAxis axis in (IAxis[])[plot.Axes.Left, plot.Axes.Bottom])
        {
            axis.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
            axis.MinimumSize = 20;
        }

        plot.Axes.Right.MinimumSize = 20;
        plot.Axes.Margins(0.06, 0.06);
    }
}
