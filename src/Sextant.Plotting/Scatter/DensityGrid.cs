using SkiaSharp;

namespace Sextant.Plotting.Scatter;

/// <summary>
/// The density of points over a picture: a Gaussian kernel estimate on a grid, its bandwidth half of Scott's rule, because groups of a
/// layout are much narrower than the whole.
/// </summary>
internal sealed class DensityGrid
{
    private const float Cell = 6;
    private const double OfScott = 0.5;
    private const double NarrowestBandwidth = 8;

    private readonly SKRect _frame;
    private readonly double[] _values;

    public DensityGrid(SKRect frame, SKPoint[] points)
    {
        _frame = frame;
        Columns = Math.Max(2, (int)(frame.Width / Cell) + 1);
        Rows = Math.Max(2, (int)(frame.Height / Cell) + 1);
        _values = new double[Columns * Rows];
        foreach (SKPoint point in points)
            Add(point);
        double scott = OfScott * Math.Pow(Math.Max(1, points.Length), -1.0 / 6);
        double x = Bandwidth(points, static point => point.X, scott) / Cell,
            y = Bandwidth(points, static point => point.Y, scott) / Cell;
        Blur(Columns, 1, Rows, Columns, x);
        Blur(Rows, Columns, Columns, 1, y);
    }

    public int Columns { get; }

    public int Rows { get; }

    public double this[int column, int row] => _values[(row * Columns) + column];

    /// <summary>Where a node of the grid is in the picture; fractions are between nodes.</summary>
    public SKPoint Place(double column, double row) =>
        new(_frame.Left + (float)(column * _frame.Width / (Columns - 1)), _frame.Top + (float)(row * _frame.Height / (Rows - 1)));

    /// <summary>The density at a point.</summary>
    public double At(SKPoint point)
    {
        (int column, int row, double x, double y) = Find(point);
        return ((1 - y) * (((1 - x) * this[column, row]) + (x * this[column + 1, row])))
            + (y * (((1 - x) * this[column, row + 1]) + (x * this[column + 1, row + 1])));
    }

    private (int Column, int Row, double X, double Y) Find(SKPoint point)
    {
        double x = Math.Clamp((point.X - _frame.Left) / _frame.Width * (Columns - 1), 0, Columns - 1),
            y = Math.Clamp((point.Y - _frame.Top) / _frame.Height * (Rows - 1), 0, Rows - 1);
        int column = Math.Min(Columns - 2, (int)x),
            row = Math.Min(Rows - 2, (int)y);
        return (column, row, x - column, y - row);
    }

    private void Add(SKPoint point)
    {
        (int column, int row, double x, double y) = Find(point);
        int at = (row * Columns) + column;
        _values[at] += (1 - x) * (1 - y);
        _values[at + 1] += x * (1 - y);
        _values[at + Columns] += (1 - x) * y;
        _values[at + Columns + 1] += x * y;
    }

    private static double Bandwidth(SKPoint[] points, Func<SKPoint, float> axis, double scott)
    {
        double mean = points.Length == 0 ? 0 : points.Average(axis),
            variance = points.Length == 0 ? 0 : points.Average(point => (axis(point) - mean) * (axis(point) - mean));
        return Math.Max(NarrowestBandwidth, scott * Math.Sqrt(variance));
    }

    private void Blur(int length, int step, int lines, int nextLine, double deviation)
    {
        int reach = (int)Math.Ceiling(3 * deviation);
        double[] kernel = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(i => Math.Exp(-0.5 * i * i / (deviation * deviation)))];
        double[] line = new double[length];
        for (int l = 0; l < lines; l++)
        {
            for (int i = 0; i < length; i++)
                line[i] = _values[(l * nextLine) + (i * step)];
            for (int i = 0; i < length; i++)
            {
                double sum = 0;
                for (int k = Math.Max(-reach, -i); k <= reach && i + k < length; k++)
                    sum += kernel[k + reach] * line[i + k];
                _values[(l * nextLine) + (i * step)] = sum;
            }
        }
    }
}
