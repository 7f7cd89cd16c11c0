namespace Sextant.Plotting;

/// <summary>How a scatter plot looks.</summary>
public sealed record ScatterPlotOptions
{
    /// <summary>What stands above the plot; nothing when empty.</summary>
    /// <value>"Semantic Embedding Space".</value>
    public string Title { get; init; } = "Semantic Embedding Space";

    /// <summary>The field for the colors of the points and the lines of the legend; a single color when <see langword="null"/>.</summary>
    public string? Label { get; init; }

    /// <summary>Width in inches, 1 to 100.</summary>
    /// <value>12.</value>
    public double Width { get; init; } = 12;

    /// <summary>Height in inches, 1 to 100.</summary>
    /// <value>8.</value>
    public double Height { get; init; } = 8;

    /// <summary>Pixels to the inch of a PNG, 20 to 1,200; an SVG has none.</summary>
    /// <value>150.</value>
    public int Dpi { get; init; } = 150;

    /// <summary>The opacity of points, from 0 (transparent) to 1.</summary>
    /// <value>0.7.</value>
    public double Opacity { get; init; } = 0.7;

    /// <summary>Light or dark.</summary>
    public PlotTheme Theme { get; init; }

    /// <summary>The colors of categories.</summary>
    public PlotPalette Palette { get; init; }

    /// <summary>
    /// How many categories, the most frequent ones, have their own color and shape; the others are grouped. At least 1.
    /// </summary>
    /// <value><see langword="null"/>: 40. A palette has at most 60 (tab10) or 42 (color-blind) pairs of a color and a shape.</value>
    public int? MaxCategories { get; init; }

    /// <summary>
    /// Whether bands without points that are wider than a fifth of the picture are narrowed. Turn it off where distances have a meaning,
    /// as those of principal components do.
    /// </summary>
    /// <value><see langword="true"/>.</value>
    public bool NarrowGaps { get; init; } = true;

    /// <summary>
    /// Whether points are annotated with the beginnings of their texts, as many as fit without covering a point or one another.
    /// </summary>
    /// <value><see langword="true"/>.</value>
    public bool Annotate { get; init; } = true;

    /// <summary>
    /// Whether the plot has contours of the density of the points: within them are 90, 75, 50 and 25 % of the points.
    /// </summary>
    public bool Contours { get; init; }

    /// <summary>
    /// Whether clusters are annotated with their names instead of points with their texts: key phrases of the texts. A cluster is a
    /// category of <see cref="Label"/>, or a region of the layout.
    /// </summary>
    public bool ClusterNames { get; init; }

    /// <summary>How many characters of a text an annotation shows, at least 1.</summary>
    /// <value>30.</value>
    public int AnnotationLength { get; init; } = 30;

    internal void Check()
    {
        Require(Width is >= 1 and <= 100 && Height is >= 1 and <= 100, "the size of a plot must be 1 to 100 inches");
        Require(Dpi is >= 20 and <= 1200, "the resolution of a plot must be 20 to 1,200 dots per inch");
        Require(Width * Dpi * Height * Dpi <= 400e6, "a plot has at most 400 million pixels; choose a smaller size or fewer dots per inch");
        Require(Opacity is >= 0 and <= 1, "opacity must be between 0 and 1");
        Require(MaxCategories is null or >= 1, "a plot must have at least one category");
        Require(AnnotationLength >= 1, "annotations must have at least one character");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InputException(otherwise);
    }
}
