using SkiaSharp;

namespace Sextant.Plotting.Scatter;

/// <summary>
/// Finds places for annotations. Each point in turn tries the eight places around it and takes the one that covers the fewest points, is
/// inside the frame, and touches no earlier annotation. A point without a free place gets no annotation. Deterministic, and linear in
/// points and annotations, because a coarse grid finds overlaps.
/// </summary>
internal sealed class LabelPlacement
{
    private const float Cell = 16;

    private readonly SKRect _frame;
    private readonly int _columns;
    private readonly int _rows;
    private readonly int[] _pointsInCell;
    private readonly List<SKRect>[] _placedInCell;

    public LabelPlacement(SKRect frame, IEnumerable<SKPoint> points)
    {
        _frame = frame;
        _columns = Math.Max(1, (int)MathF.Ceiling(frame.Width / Cell));
        _rows = Math.Max(1, (int)MathF.Ceiling(frame.Height / Cell));
        _pointsInCell = new int[_columns * _rows];
        _placedInCell = new List<SKRect>[_columns * _rows];
        foreach (SKPoint point in points)
        {
            if (frame.Contains(point))
                _pointsInCell[(Row(point.Y) * _columns) + Column(point.X)]++;
        }
    }

    /// <summary>Reserves a place for an annotation of that size next to the point; <see langword="null"/> if none is free.</summary>
    /// <param name="point">The point.</param>
    /// <param name="size">Width and height of the annotation.</param>
    /// <param name="gap">The distance from the point.</param>
    public SKRect? Place(SKPoint point, SKSize size, float gap)
    {
        SKRect? best = null;
        int leastCovered = int.MaxValue;
        foreach (SKRect place in Around(point, size, gap))
        {
            if (
                place.Left < _frame.Left
                || place.Right > _frame.Right
                || place.Top < _frame.Top
                || place.Bottom > _frame.Bottom
                || Touches(place)
            )
            {
                continue;
            }

            int covered = Covered(place);
            if (covered < leastCovered)
                (best, leastCovered) = (place, covered);
        }

        if (best is { } chosen)
            Take(chosen);
        return best;
    }

    // Right of the point first: it is where a reader looks, and it wins among equals.
    private static IEnumerable<SKRect> Around(SKPoint p, SKSize size, float gap)
    {
        float diagonal = gap * 0.7f;
        yield return At(p.X + gap, p.Y - (size.Height / 2));
        yield return At(p.X + diagonal, p.Y - diagonal - size.Height);
        yield return At(p.X + diagonal, p.Y + diagonal);
        yield return At(p.X - (size.Width / 2), p.Y - gap - size.Height);
        yield return At(p.X - (size.Width / 2), p.Y + gap);
        yield return At(p.X - gap - size.Width, p.Y - (size.Height / 2));
        yield return At(p.X - diagonal - size.Width, p.Y - diagonal - size.Height);
        yield return At(p.X - diagonal - size.Width, p.Y + diagonal);

        SKRect At(float left, float top) => SKRect.Create(left, top, size.Width, size.Height);
    }

    private bool Touches(SKRect place)
    {
        foreach (int cell in Cells(place))
        {
            if (_placedInCell[cell] is { } here && here.Exists(other => other.IntersectsWith(place)))
                return true;
        }

        return false;
    }

    private int Covered(SKRect place) => Cells(place).Sum(cell => _pointsInCell[cell]);

    private void Take(SKRect place)
    {
        foreach (int cell in Cells(place))
            (_placedInCell[cell] ??= []).Add(place);
    }

    private IEnumerable<int> Cells(SKRect place)
    {
        for (int row = Row(place.Top); row <= Row(place.Bottom); row++)
        {
            for (int column = Column(place.Left); column <= Column(place.Right); column++)
                yield return (row * _columns) + column;
        }
    }

    private int Column(float x) => Math.Clamp((int)((x - _frame.Left) / Cell), 0, _columns - 1);

    private int Row(float y) => Math.Clamp((int)((y - _frame.Top) / Cell), 0, _rows - 1);
}
