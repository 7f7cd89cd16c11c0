using SkiaSharp;

namespace Sextant.Plotting.Labels;

/// <summary>Points of a picture by cells, to find those near a place.</summary>
internal sealed class PointGrid
{
    private readonly SKRect _frame;
    private readonly float _cell;
    private readonly int _columns;
    private readonly int _rows;
    private readonly int[] _starts;
    private readonly int[] _members;
    private readonly SKPoint[] _points;

    /// <param name="frame">The area of the picture; points outside are in the cells of its edge.</param>
    /// <param name="points">The centers of the points.</param>
    /// <param name="cell">The side of a cell.</param>
    public PointGrid(SKRect frame, SKPoint[] points, float cell)
    {
        (_frame, _points, _cell) = (frame, points, cell);
        _columns = Math.Max(1, (int)MathF.Ceiling(frame.Width / cell));
        _rows = Math.Max(1, (int)MathF.Ceiling(frame.Height / cell));
        _starts = new int[(_columns * _rows) + 1];
        foreach (SKPoint point in points)
            _starts[Cell(point) + 1]++;
        for (int i = 1; i < _starts.Length; i++)
            _starts[i] += _starts[i - 1];
        _members = new int[points.Length];
        int[] next = _starts[..^1];
        for (int i = 0; i < points.Length; i++)
            _members[next[Cell(points[i])]++] = i;
    }

    /// <summary>How many circles of that radius around the points intersect a rectangle, up to <paramref name="most"/>.</summary>
    public int CountTouching(SKRect box, float radius, int most)
    {
        int found = 0;
        for (int row = Row(box.Top - radius); row <= Row(box.Bottom + radius); row++)
        {
            for (int column = Column(box.Left - radius); column <= Column(box.Right + radius); column++)
            {
                foreach (int member in Members((row * _columns) + column))
                {
                    SKPoint point = _points[member];
                    if (SquaredDistance(point, PlacedLabel.Nearest(box, point)) < radius * radius && ++found >= most)
                        return found;
                }
            }
        }

        return found;
    }

    /// <summary>Appends the points within a distance of another.</summary>
    public void Collect(SKPoint center, float distance, List<int> found)
    {
        for (int row = Row(center.Y - distance); row <= Row(center.Y + distance); row++)
        {
            for (int column = Column(center.X - distance); column <= Column(center.X + distance); column++)
            {
                foreach (int member in Members((row * _columns) + column))
                {
                    if (SquaredDistance(_points[member], center) <= distance * distance)
                        found.Add(member);
                }
            }
        }
    }

    public static float SquaredDistance(SKPoint a, SKPoint b) => ((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y));

    private ReadOnlySpan<int> Members(int cell) => _members.AsSpan(_starts[cell].._starts[cell + 1]);

    private int Cell(SKPoint point) => (Row(point.Y) * _columns) + Column(point.X);

    private int Column(float x) => Math.Clamp((int)((x - _frame.Left) / _cell), 0, _columns - 1);

    private int Row(float y) => Math.Clamp((int)((y - _frame.Top) / _cell), 0, _rows - 1);
}
