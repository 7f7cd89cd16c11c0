namespace Sextant.Plotting;

/// <summary>Whether a plot is dark on light or light on dark.</summary>
public enum PlotTheme
{
    /// <summary>Dark on white, for paper.</summary>
    Light = 0,

    /// <summary>Light on dark, for screens and slides.</summary>
    Dark = 1,
}
