namespace Sextant.Plotting;

/// <summary>How an interactive map begins.</summary>
public sealed record InteractiveMapOptions
{
    /// <summary>The title of the map.</summary>
    /// <value>"Semantic Embedding Space".</value>
    public string Title { get; init; } = "Semantic Embedding Space";

    /// <summary>The initial field for the colors of the points; a single color when <see langword="null"/>.</summary>
    public string? Label { get; init; }

    /// <summary>Light or dark; when <see langword="null"/>, as the reader's system is set.</summary>
    public PlotTheme? Theme { get; init; }

    /// <summary>The colors of categories.</summary>
    public PlotPalette Palette { get; init; }

    /// <summary>How many categories of a field have colors, the most frequent ones; the others are grouped. At least 1.</summary>
    /// <value><see langword="null"/>: 40, as in an image of the same data.</value>
    public int? MaxCategories { get; init; }
}
