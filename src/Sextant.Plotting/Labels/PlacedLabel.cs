using SkiaSharp;

namespace Sextant.Plotting.Labels;

/// <summary>A label to place.</summary>
/// <param name="Point">The point that it belongs to.</param>
/// <param name="Text">What it says.</param>
/// <param name="Size">The size of its text.</param>
internal readonly record struct LabelRequest(SKPoint Point, string Text, SKSize Size);

/// <summary>A label with its place.</summary>
/// <param name="Request">The label.</param>
/// <param name="Box">The rectangle of its text.</param>
/// <param name="Gap">The distance between the box and the edge of its point.</param>
internal readonly record struct PlacedLabel(LabelRequest Request, SKRect Box, float Gap)
{
    /// <summary>The point of a box that is nearest to another point.</summary>
    public static SKPoint Nearest(SKRect box, SKPoint point) =>
        new(Math.Clamp(point.X, box.Left, box.Right), Math.Clamp(point.Y, box.Top, box.Bottom));
}
