namespace Sextant.Plotting;

/// <summary>The colors of categories.</summary>
public enum PlotPalette
{
    /// <summary>The colors tab10 of matplotlib, with ten paler colors after it.</summary>
    Tab10 = 0,

    /// <summary>
    /// Seven colors that readers with color blindness can tell apart. Okabe and Ito, "Color Universal Design" (2008).
    /// </summary>
    ColorBlind = 1,
}
