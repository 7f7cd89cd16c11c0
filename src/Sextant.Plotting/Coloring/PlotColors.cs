using ScottPlot;

namespace Sextant.Plotting.Coloring;

/// <summary>The colors of a theme.</summary>
internal sealed record PlotColors(Color Background, Color Ink, Color Faint)
{
    public static readonly PlotColors Light = new(Color.FromHex("#ffffff"), Color.FromHex("#1a1a1a"), Color.FromHex("#c8c8c8"));
    public static readonly PlotColors Dark = new(Color.FromHex("#14171c"), Color.FromHex("#e6e6e6"), Color.FromHex("#454b54"));

    public static PlotColors Get(PlotTheme theme) => theme == PlotTheme.Dark ? Dark : Light;
}
