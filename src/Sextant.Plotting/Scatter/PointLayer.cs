using ScottPlot;
using Sextant.Plotting.Coloring;
using Sextant.Plotting.Maps;
using SkiaSharp;

namespace Sextant.Plotting.Scatter;

/// <summary>The points, drawn in shuffled order, so that no category covers the others only because it comes last.</summary>
/// <param name="positions">x and y of each point.</param>
/// <param name="colors">Their colors and shapes.</param>
/// <param name="opacity">Their opacity.</param>
/// <param name="background">The points that are only context, and the color for them.</param>
internal sealed class PointLayer(
    ReadOnlyMemory<float> positions,
    PointColors colors,
    double opacity,
    (IReadOnlyList<bool> Points, Color Color)? background = null
) : IPlottable, IHasColorAxis
{
    private const int ShuffleSeed = 1;

    private readonly ViewLimits? _limits = ViewLimits.Compute(positions.Span);

    private int? _outside;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public IColormap Colormap => PointColors.Colormap;

    /// <summary>The radius of a point in pixels at 96 to the inch: smaller the more there are.</summary>
    public float Radius => Math.Clamp(Shrink * 11 * MathF.Pow(Math.Max(1, positions.Length / 2), -0.2f), 0.9f, 8);

    /// <summary>How much smaller points are in a smaller picture: 1 in one of the usual size.</summary>
    public float Shrink { get; set; } = 1;

    /// <summary>No point is drawn farther from its center.</summary>
    public float Reach => Math.Max(colors.HasShapes ? PointShapes.Reach * Radius : Radius, Outside > 0 ? MarkSize : 0);

    private float MarkSize => Math.Max(Radius, 2.5f) + 1;

    public ScottPlot.Range GetRange() => colors.Scale ?? new(0, 1);

    public AxisLimits GetAxisLimits()
    {
        if (_limits is not { } limits)
            return AxisLimits.Unset;
        (float left, float right, float bottom, float top) = limits;
        // A single point, or points on a line, still need an area to be drawn on.
        float width = right - left > 0 ? 0 : 1,
            height = top - bottom > 0 ? 0 : 1;
        return new(left - width, right + width, bottom - height, top + height);
    }

    /// <summary>The number of points outside the frame; each is marked at its edge.</summary>
    public int Outside => _outside ??= _limits is null ? 0 : Enumerable.Range(0, positions.Length / 2).Count(IsOutside);

    public bool IsDrawn(int point) => ViewLimits.IsFinite(positions.Span, 2 * point);

    /// <summary>Whether a point is drawn and is not only context.</summary>
    public bool IsCounted(int point) => IsDrawn(point) && !IsBackground(point);

    /// <summary>Where a point is drawn: its place, or the edge of the frame nearest to it.</summary>
    public SKPoint Pixel(int point)
    {
        ReadOnlySpan<float> all = positions.Span;
        SKPoint place = new(Axes.GetPixelX(all[2 * point]), Axes.GetPixelY(all[(2 * point) + 1]));
        if (!IsOutside(point))
            return place;
        PixelRect frame = Axes.DataRect;
        float inset = MarkSize;
        return new(
            Math.Clamp(place.X, frame.Left + inset, Math.Max(frame.Left + inset, frame.Right - inset)),
            Math.Clamp(place.Y, frame.Top + inset, Math.Max(frame.Top + inset, frame.Bottom - inset))
        );
    }

    public void Render(RenderPack rp)
    {
        using SKPaint paint = new() { IsAntialias = true };
        int[] order = [.. Enumerable.Range(0, positions.Length / 2)];
        new Random(ShuffleSeed).Shuffle(order);
        foreach (int point in order.OrderByDescending(IsBackground))
        {
            if (!IsDrawn(point))
                continue;
            bool faint = IsBackground(point);
            paint.Color = (faint ? background!.Value.Color : colors.Colors[point]).WithAlpha(faint ? 0.8 * opacity : opacity).ToSKColor();
            if (IsOutside(point))
                Mark(rp.Canvas, point, paint);
            else
                PointShapes.Draw(rp.Canvas, colors.Shape(point), Pixel(point), Radius, paint);
        }
    }

    private bool IsBackground(int point) => background is { } context && context.Points[point];

    private bool IsOutside(int point) =>
        _limits is { } limits && IsDrawn(point) && !limits.Holds(positions.Span[2 * point], positions.Span[(2 * point) + 1]);

    /// <summary>Draws a triangle at the edge that points toward the point.</summary>
    private void Mark(SKCanvas canvas, int point, SKPaint paint)
    {
        SKPoint at = Pixel(point);
        double angle = Math.Atan2(Axes.GetPixelY(positions.Span[(2 * point) + 1]) - at.Y, Axes.GetPixelX(positions.Span[2 * point]) - at.X);
        using SKPath triangle = new();
        triangle.MoveTo(Corner(0, MarkSize));
        triangle.LineTo(Corner(2.4, MarkSize * 0.8f));
        triangle.LineTo(Corner(-2.4, MarkSize * 0.8f));
        triangle.Close();
        canvas.DrawPath(triangle, paint);

        SKPoint Corner(double turn, float far) =>
            new(at.X + (far * (float)Math.Cos(angle + turn)), at.Y + (far * (float)Math.Sin(angle + turn)));
    }
}
