using ScottPlot;
using SkiaSharp;

namespace Sextant.Plotting.Scatter;

/// <summary>The points. Drawn in a shuffled order, so that no kind lies on top of the others only because it came last.</summary>
internal sealed class PointLayer(ReadOnlyMemory<float> positions, PointColors colors, double opacity) : IPlottable, IHasColorAxis
{
    private const int ShuffleSeed = 1;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public IColormap Colormap => PointColors.Colormap;

    /// <summary>The radius of a point in pixels at 96 to the inch: smaller the more there are.</summary>
    public float Radius { get; } = Math.Clamp(9.5f * MathF.Pow(Math.Max(1, positions.Length / 2), -0.19f), 0.9f, 5.5f);

    public ScottPlot.Range GetRange() => colors.Scale ?? new(0, 1);

    public AxisLimits GetAxisLimits()
    {
        ReadOnlySpan<float> all = positions.Span;
        (float left, float right, float bottom, float top) =
            (float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity, float.NegativeInfinity);
        for (int i = 0; i < all.Length; i += 2)
        {
            if (!IsDrawn(i / 2)) continue;
            (left, right) = (Math.Min(left, all[i]), Math.Max(right, all[i]));
            (bottom, top) = (Math.Min(bottom, all[i + 1]), Math.Max(top, all[i + 1]));
        }

        if (left > right) return AxisLimits.Unset;
        // A single point, or points on a line, still need a plane to lie on.
        float width = right - left > 0 ? 0 : 1, height = top - bottom > 0 ? 0 : 1;
        return new(left - width, right + width, bottom - height, top + height);
    }

    public bool IsDrawn(int point) => float.IsFinite(positions.Span[2 * point]) && float.IsFinite(positions.Span[(2 * point) + 1]);

    public SKPoint Pixel(int point)
    {
        ReadOnlySpan<float> all = positions.Span;
        return new(Axes.GetPixelX(all[2 * point]), Axes.GetPixelY(all[(2 * point) + 1]));
    }

    public void Render(RenderPack rp)
    {
        using SKPaint paint = new() { IsAntialias = true };
        int[] order = [.. Enumerable.Range(0, positions.Length / 2)];
        new Random(ShuffleSeed).Shuffle(order);
        foreach (int point in order)
        {
            if (!IsDrawn(point)) continue;
            paint.Color = colors.Colors[point].WithAlpha(opacity).ToSKColor();
            rp.Canvas.DrawCircle(Pixel(point), Radius, paint);
        }
    }
}
