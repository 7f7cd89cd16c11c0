using SkiaSharp;

namespace Sextant.Plotting.Labels;

/// <summary>What is wrong with the place of a label: covered points and labels first, then leader lines that cross or are long.</summary>
internal sealed class LabelEnergy(SKRect frame, PointGrid points, float radius)
{
    /// <summary>Closer to its point than this, a label needs no leader line.</summary>
    public const float Beside = 6;

    private const float Covering = 30;
    private const float Crossing = 6;
    private const float Length = 0.2f;
    private const int MostCounted = 12;
    private const float Margin = 1.5f;

    public SKRect Frame => frame;

    public float Radius => radius;

    public bool IsInside(SKRect box) =>
        box.Left >= frame.Left && box.Right <= frame.Right && box.Top >= frame.Top && box.Bottom <= frame.Bottom;

    public bool CoversPoint(SKRect box) => points.CountTouching(box, radius, 1) > 0;

    /// <summary>The distance between a box and the edge of its point.</summary>
    public float Gap(SKRect box, SKPoint point) =>
        Math.Max(0, MathF.Sqrt(PointGrid.SquaredDistance(point, PlacedLabel.Nearest(box, point))) - radius);

    /// <summary>The cost of a place regardless of other labels.</summary>
    public float Alone(SKRect box, SKPoint point) =>
        (Covering * points.CountTouching(box, radius, MostCounted)) + (Length * Gap(box, point));

    /// <summary>The cost of two labels to each other.</summary>
    public float Between(SKRect box, SKPoint point, SKRect other, SKPoint otherPoint)
    {
        float cost = Touch(box, other) ? Covering : 0;
        bool leads = Gap(box, point) > Beside,
            otherLeads = Gap(other, otherPoint) > Beside;
        if (leads && Meets(point, PlacedLabel.Nearest(box, point), other))
            cost += Covering;
        if (otherLeads && Meets(otherPoint, PlacedLabel.Nearest(other, otherPoint), box))
            cost += Covering;
        if (leads && otherLeads && Cross(point, PlacedLabel.Nearest(box, point), otherPoint, PlacedLabel.Nearest(other, otherPoint)))
            cost += Crossing;
        return cost;
    }

    /// <summary>Whether two labels overlap, or the leader line of one goes through the other.</summary>
    public bool Conflict(SKRect box, SKPoint point, SKRect other, SKPoint otherPoint) => Between(box, point, other, otherPoint) >= Covering;

    private static bool Touch(SKRect a, SKRect b) =>
        a.Left < b.Right + Margin && b.Left < a.Right + Margin && a.Top < b.Bottom && b.Top < a.Bottom;

    private static bool Cross(SKPoint a, SKPoint b, SKPoint c, SKPoint d) =>
        Side(a, b, c) * Side(a, b, d) < 0 && Side(c, d, a) * Side(c, d, b) < 0;

    private static bool Meets(SKPoint from, SKPoint to, SKRect box)
    {
        if (box.Contains(to))
            return true;
        SKPoint leftTop = new(box.Left, box.Top),
            rightTop = new(box.Right, box.Top),
            leftBottom = new(box.Left, box.Bottom),
            rightBottom = new(box.Right, box.Bottom);
        return Cross(from, to, leftTop, rightBottom) || Cross(from, to, leftBottom, rightTop);
    }

    private static float Side(SKPoint a, SKPoint b, SKPoint c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
