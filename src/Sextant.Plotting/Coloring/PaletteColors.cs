namespace Sextant.Plotting.Coloring;

/// <summary>The colors of a palette, in hexadecimal, and how many shapes repeat them.</summary>
/// <param name="Colors">The colors, in the order of use.</param>
/// <param name="PerShape">How many categories have the same shape.</param>
internal sealed record PaletteColors(IReadOnlyList<string> Colors, int PerShape)
{
    /// <summary>Points without a value, and of grouped categories.</summary>
    public const string Unknown = "#b4b8bf";

    private const string FirstTen = "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf";

    // The paler half of tab20, with a blue in place of its second gray.
    private const string PalerTen = "#aec7e8 #ffbb78 #98df8a #ff9896 #c5b0d5 #c49c94 #f7b6d2 #6b6ecf #dbdb8d #9edae5";

    private const string OkabeIto = "#0072b2 #e69f00 #009e73 #d55e00 #56b4e9 #cc79a7 #f0e442";

    private static readonly PaletteColors Tab10 = new($"{FirstTen} {PalerTen}".Split(' '), 10);
    private static readonly PaletteColors ColorBlind = new(OkabeIto.Split(' '), 7);

    /// <summary>The number of different pairs of a color and a shape.</summary>
    public int MostCategories => PerShape * PointShapes.Count;

    public static PaletteColors Get(PlotPalette palette) => palette == PlotPalette.ColorBlind ? ColorBlind : Tab10;

    public string Color(int category) => Colors[category % Colors.Count];

    public PointShape Shape(int category) => (PointShape)(category / PerShape % PointShapes.Count);
}
