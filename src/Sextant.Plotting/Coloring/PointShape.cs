using SkiaSharp;

namespace Sextant.Plotting.Coloring;

/// <summary>The shape of a point.</summary>
internal enum PointShape
{
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    InvertedTriangle,
}

/// <summary>Draws the shapes of points, all of about the same area.</summary>
internal static class PointShapes
{
    /// <summary>The number of shapes.</summary>
    public const int Count = 6;

    /// <summary>No shape extends farther from its center, in radii.</summary>
    public const float Reach = 1.3f;

    private static readonly (float X, float Y)[] Square = [(-0.89f, -0.89f), (0.89f, -0.89f), (0.89f, 0.89f), (-0.89f, 0.89f)];
    private static readonly (float X, float Y)[] Triangle = [(0, -1.3f), (1.18f, 0.8f), (-1.18f, 0.8f)];
    private static readonly (float X, float Y)[] InvertedTriangle = [(0, 1.3f), (1.18f, -0.8f), (-1.18f, -0.8f)];
    private static readonly (float X, float Y)[] Diamond = [(0, -1.28f), (1.28f, 0), (0, 1.28f), (-1.28f, 0)];

    private static readonly (float X, float Y)[] Cross =
    [
        (-0.4f, -1.2f),
        (0.4f, -1.2f),
        (0.4f, -0.4f),
        (1.2f, -0.4f),
        (1.2f, 0.4f),
        (0.4f, 0.4f),
        (0.4f, 1.2f),
        (-0.4f, 1.2f),
        (-0.4f, 0.4f),
        (-1.2f, 0.4f),
        (-1.2f, -0.4f),
        (-0.4f, -0.4f),
    ];

    public static void Draw(SKCanvas canvas, PointShape shape, SKPoint at, float radius, SKPaint paint)
    {
        if (shape == PointShape.Circle)
        {
            canvas.DrawCircle(at, radius, paint);
            return;
        }

        (float X, float Y)[] corners = shape switch
        {
            PointShape.Square => Square,
            PointShape.Triangle => Triangle,
            PointShape.Diamond => Diamond,
            PointShape.Cross => Cross,
            _ => InvertedTriangle,
        };
        using SKPath path = new();
        path.AddPoly([.. corners.Select(corner => new SKPoint(at.X + (radius * corner.X), at.Y + (radius * corner.Y)))]);
        canvas.DrawPath(path, paint);
    }
}
