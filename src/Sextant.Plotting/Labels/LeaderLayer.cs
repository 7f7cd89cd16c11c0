using ScottPlot;

namespace Sextant.Plotting.Labels;

/// <summary>The leader lines of labels, a layer under the points.</summary>
internal sealed class LeaderLayer(AnnotationLayer labels) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp) => labels.RenderLeaders(rp);
}
