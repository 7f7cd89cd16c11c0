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
}
