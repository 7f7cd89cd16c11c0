using System.Globalization;

namespace Sextant.Plotting.Coloring;

/// <summary>
/// The color and the shape of each category. Images and the page use the same colors for the same data; the page draws circles only.
/// </summary>
internal sealed class CategoryColors
{
    /// <summary>How many categories are distinct by default; the rest are grouped.</summary>
    public const int DefaultCount = 40;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    private CategoryColors(List<string> shown, int others, PaletteColors palette)
    {
        Shown = shown;
        Others = others;
        Palette = palette;
        for (int i = 0; i < shown.Count; i++)
            _places[shown[i]] = i;
    }

    /// <summary>The distinct categories, in the order of the legend.</summary>
    public IReadOnlyList<string> Shown { get; }

    /// <summary>The number of categories that are grouped.</summary>
    public int Others { get; }

    public PaletteColors Palette { get; }

    /// <param name="values">The category of each point.</param>
    /// <param name="palette">The palette.</param>
    /// <param name="most">The maximum number of distinct categories.</param>
    public static CategoryColors Create(IReadOnlyList<string?> values, PlotPalette palette, int? most)
    {
        var colors = PaletteColors.Get(palette);
        int limit = Math.Min(most ?? DefaultCount, colors.MostCategories);
        List<string> kinds = Sort(values, limit);
        int shown = Math.Min(limit, kinds.Count);
        return new(kinds[..shown], kinds.Count - shown, colors);
    }

    /// <summary>The position of a category in <see cref="Shown"/>; -1 if it is unknown or grouped.</summary>
    public int Find(string? category) => category is not null && _places.TryGetValue(category, out int place) ? place : -1;

    // A few categories keep the order in which they appear, numbers by size; of too many, the most frequent are shown.
    private static List<string> Sort(IReadOnlyList<string?> values, int limit)
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

        if (kinds.Count > limit)
            return [.. kinds.OrderByDescending(kind => counts[kind])];
        return kinds.TrueForAll(IsNumber)
            ? [.. kinds.OrderBy(kind => double.Parse(kind, NumberStyles.Float, CultureInfo.InvariantCulture))]
            : kinds;
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
