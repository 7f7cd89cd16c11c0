using System.Globalization;
using ScottPlot;

namespace Sextant.Plotting.Scatter;

/// <summary>One line of the legend.</summary>
internal readonly record struct LegendLine(string Text, Color Color);

/// <summary>
/// The color of each point, and its explanation: a legend for categories, a scale for numbers, nothing for a single color.
/// </summary>
internal sealed class PointColors
{
    private static readonly ScottPlot.Colormaps.Viridis Viridis = new();

    private PointColors(Color[] colors, IReadOnlyList<LegendLine> legend, ScottPlot.Range? scale) =>
        (Colors, Legend, Scale) = (colors, legend, scale);

    public Color[] Colors { get; }

    public IReadOnlyList<LegendLine> Legend { get; }

    /// <summary>The range of the numbers, if the colors represent numbers.</summary>
    public ScottPlot.Range? Scale { get; }

    public static IColormap Colormap => Viridis;

    public static PointColors Create(MapField? field, int count, PlotColors palette) =>
        field switch
        {
            null => new([.. Enumerable.Repeat(PlotColors.Kinds(1)[0], count)], [], scale: null),
            { Numbers: { } numbers } => ByNumber(numbers, palette),
            _ => ByKind(field.Values, palette),
        };

    private static PointColors ByNumber(IReadOnlyList<double> numbers, PlotColors palette)
    {
        IEnumerable<double> known = numbers.Where(double.IsFinite);
        ScottPlot.Range scale = new(known.Min(), known.Max());
        Color[] colors =
        [
            .. numbers.Select(n => double.IsFinite(n) ? Viridis.GetColor((n - scale.Min) / (scale.Max - scale.Min)) : palette.Unknown),
        ];
        return new(colors, [], scale);
    }

    private static PointColors ByKind(IReadOnlyList<string?> values, PlotColors palette)
    {
        List<string> kinds = Kinds(values);
        int shown = kinds.Count <= PlotColors.MostKinds ? kinds.Count : PlotColors.MostKinds - 1;
        List<LegendLine> legend = [];
        Dictionary<string, Color> byKind = new(StringComparer.Ordinal);
        ReadOnlySpan<Color> colors = PlotColors.Kinds(shown);
        for (int i = 0; i < shown; i++)
        {
            byKind[kinds[i]] = colors[i];
            legend.Add(new(kinds[i].Length == 0 ? "(empty)" : kinds[i], colors[i]));
        }

        if (shown < kinds.Count)
            legend.Add(new(string.Create(CultureInfo.InvariantCulture, $"{kinds.Count - shown} others"), palette.Unknown));
        if (values.Contains(null))
            legend.Add(new("(none)", palette.Unknown));
        return new(
            [.. values.Select(v => v is not null && byKind.TryGetValue(v, out Color color) ? color : palette.Unknown)],
            legend,
            scale: null
        );
    }

    // Few kinds stand in the order in which they appear, numbers by size; of too many, the most frequent are shown.
    private static List<string> Kinds(IReadOnlyList<string?> values)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        List<string> kinds = [];
        foreach (string? value in values)
        {
            if (value is null)
                continue;
            if (!counts.TryGetValue(value, out int count))
                kinds.Add(value);
            counts[value] = count + 1;
        }

        if (kinds.Count > PlotColors.MostKinds)
            return [.. kinds.OrderByDescending(kind => counts[kind])];
        return kinds.TrueForAll(IsNumber)
            ? [.. kinds.OrderBy(kind => double.Parse(kind, NumberStyles.Float, CultureInfo.InvariantCulture))]
            : kinds;
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
