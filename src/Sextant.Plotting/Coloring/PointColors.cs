using System.Globalization;
using ScottPlot;

namespace Sextant.Plotting.Coloring;

/// <summary>One line of the legend.</summary>
internal readonly record struct LegendLine(string Text, Color Color, PointShape Shape);

/// <summary>
/// The color and shape of each point, and their explanation: a legend for categories, a scale for numbers, nothing for a single color.
/// </summary>
internal sealed class PointColors
{
    private static readonly ScottPlot.Colormaps.Viridis Viridis = new();
    private static readonly Color Unknown = Color.FromHex(PaletteColors.Unknown);

    private readonly PointShape[]? _shapes;

    private PointColors(Color[] colors, PointShape[]? shapes, IReadOnlyList<LegendLine> legend, ScottPlot.Range? scale) =>
        (Colors, _shapes, Legend, Scale) = (colors, shapes, legend, scale);

    public Color[] Colors { get; }

    public bool HasShapes => _shapes is not null && Array.Exists(_shapes, shape => shape != PointShape.Circle);

    public IReadOnlyList<LegendLine> Legend { get; }

    /// <summary>The range of the numbers, if the colors represent numbers.</summary>
    public ScottPlot.Range? Scale { get; }

    public static IColormap Colormap => Viridis;

    public static PointColors Create(MapField? field, int count, PlotPalette palette, int? categories) =>
        field switch
        {
            null => new([.. Enumerable.Repeat(Color.FromHex(PaletteColors.Get(palette).Color(0)), count)], null, [], scale: null),
            { Numbers: { } numbers } => ByNumber(numbers),
            _ => ByCategory(field.Values, CategoryColors.Create(field.Values, palette, categories)),
        };

    public PointShape Shape(int point) => _shapes?[point] ?? PointShape.Circle;

    private static PointColors ByNumber(IReadOnlyList<double> numbers)
    {
        IEnumerable<double> known = numbers.Where(double.IsFinite);
        ScottPlot.Range scale = new(known.Min(), known.Max());
        Color[] colors =
        [
            .. numbers.Select(n =>
                double.IsFinite(n) ? Viridis.GetColor((n - scale.Min) / Math.Max(scale.Max - scale.Min, double.Epsilon)) : Unknown
            ),
        ];
        List<LegendLine> legend = colors.Contains(Unknown) ? [new("(none)", Unknown, PointShape.Circle)] : [];
        return new(colors, null, legend, scale);
    }

    private static PointColors ByCategory(IReadOnlyList<string?> values, CategoryColors categories)
    {
        PaletteColors palette = categories.Palette;
        List<LegendLine> legend =
        [
            .. categories.Shown.Select(
                (kind, i) => new LegendLine(kind.Length == 0 ? "(empty)" : kind, Color.FromHex(palette.Color(i)), palette.Shape(i))
            ),
        ];
        if (categories.Others > 0)
        {
            string others =
                categories.Others == 1 ? "1 other" : string.Create(CultureInfo.InvariantCulture, $"{categories.Others:N0} others");
            legend.Add(new(others, Unknown, PointShape.Circle));
        }

        if (values.Contains(null))
            legend.Add(new("(none)", Unknown, PointShape.Circle));
        int[] places = [.. values.Select(categories.Find)];
        return new(
            Array.ConvertAll(places, place => place < 0 ? Unknown : Color.FromHex(palette.Color(place))),
            Array.ConvertAll(places, place => place < 0 ? PointShape.Circle : palette.Shape(place)),
            legend,
            scale: null
        );
    }
}
