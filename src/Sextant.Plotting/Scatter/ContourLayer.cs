using ScottPlot;
using Sextant.Plotting.Coloring;
using SkiaSharp;

namespace Sextant.Plotting.Scatter;

/// <summary>Shades where most points are, with a line around each shade (marching squares over a grid).</summary>
internal sealed class ContourLayer(PointLayer points, int count, PlotColors palette) : IPlottable
{
    private static readonly double[] Shares = [0.9, 0.75, 0.5, 0.25];

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        SKPoint[] places = [.. Enumerable.Range(0, count).Where(points.IsCounted).Select(points.Pixel)];
        if (places.Length < 2)
            return;
        DensityGrid grid = new(rp.DataRect.ToSKRect(), places);
        double[] densities = [.. places.Select(grid.At).OrderDescending()];
        using SKPaint fill = new() { Color = palette.Ink.WithAlpha(0.045).ToSKColor(), IsAntialias = true };
        using SKPaint line = new()
        {
            Color = palette.Ink.WithAlpha(0.28).ToSKColor(),
            IsAntialias = true,
            IsStroke = true,
            StrokeWidth = 1,
            StrokeCap = SKStrokeCap.Round,
        };
        foreach (double share in Shares)
        {
            double level = densities[Math.Min(densities.Length - 1, (int)(share * densities.Length))];
            using SKPath area = new(),
                outline = new();
            for (int row = 0; row + 1 < grid.Rows; row++)
                Trace(grid, row, level, area, outline);
            rp.Canvas.DrawPath(area, fill);
            rp.Canvas.DrawPath(outline, line);
        }
    }

    /// <summary>Adds a row of cells: those wholly above the level as one rectangle, the others cut where the level is.</summary>
    private static void Trace(DensityGrid grid, int row, double level, SKPath area, SKPath outline)
    {
        int start = -1;
        for (int column = 0; column + 1 <= grid.Columns; column++)
        {
            bool whole = column + 1 < grid.Columns && Corners(column, row).All(corner => Value(corner) >= level);
            if (whole && start < 0)
                start = column;
            if (whole)
                continue;
            if (start >= 0)
            {
                SKPoint[] run = [grid.Place(start, row), grid.Place(column, row), grid.Place(column, row + 1), grid.Place(start, row + 1)];
                area.AddPoly(run, close: true);
            }

            start = -1;
            if (column + 1 < grid.Columns)
                Cut(column);
        }

        void Cut(int column)
        {
            (int X, int Y)[] corners = [.. Corners(column, row)];
            List<SKPoint> inside = [],
                crossings = [];
            for (int i = 0; i < corners.Length; i++)
            {
                ((int X, int Y) a, (int X, int Y) b) = (corners[i], corners[(i + 1) % corners.Length]);
                double from = Value(a),
                    to = Value(b);
                if (from >= level)
                    inside.Add(grid.Place(a.X, a.Y));
                if (from >= level == to >= level)
                    continue;
                double part = (level - from) / (to - from);
                SKPoint crossing = grid.Place(a.X + (part * (b.X - a.X)), a.Y + (part * (b.Y - a.Y)));
                inside.Add(crossing);
                crossings.Add(crossing);
            }

            if (inside.Count >= 3)
                area.AddPoly([.. inside], true);
            for (int i = 0; i + 1 < crossings.Count; i += 2)
            {
                outline.MoveTo(crossings[i]);
                outline.LineTo(crossings[i + 1]);
            }
        }

        double Value((int X, int Y) node) => grid[node.X, node.Y];
    }

    private static IEnumerable<(int X, int Y)> Corners(int column, int row) =>
        [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
}
