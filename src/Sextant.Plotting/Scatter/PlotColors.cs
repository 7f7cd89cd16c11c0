using ScottPlot;

namespace Sextant.Plotting.Scatter;

/// <summary>The colors of the two themes and of categories.</summary>
internal sealed record PlotColors(Color Background, Color Ink, Color Faint, Color Unknown)
{
    private static readonly Color[] Tab10 = [.. new ScottPlot.Palettes.Category10().Colors];
    private static readonly Color[] Tab20 = [.. new ScottPlot.Palettes.Category20().Colors];

    public static readonly PlotColors Light = new(
        Color.FromHex("#ffffff"),
        Color.FromHex("#1a1a1a"),
        Color.FromHex("#c8c8c8"),
        Color.FromHex("#b0b0b0")
    );
    public static readonly PlotColors Dark = new(
        Color.FromHex("#14171c"),
        Color.FromHex("#e6e6e6"),
        Color.FromHex("#454b54"),
        Color.FromHex("#6b717a")
    );

    /// <summary>The maximum number of categories with distinct colors; further ones share the color of unknown values.</summary>
    public static int MostKinds => Tab20.Length;

    public static PlotColors Get(PlotTheme theme) => theme == PlotTheme.Dark ? Dark : Light;

    /// <summary>tab10 as far as it goes, tab20 beyond.</summary>
    public static ReadOnlySpan<Color> Kinds(int count) => count <= Tab10.Length ? Tab10 : Tab20;
}
