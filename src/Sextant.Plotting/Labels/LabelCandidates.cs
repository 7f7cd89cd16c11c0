using SkiaSharp;

namespace Sextant.Plotting.Labels;

/// <summary>Places for a label around its point: sixteen directions, near and far.</summary>
internal static class LabelCandidates
{
    /// <summary>The number of directions.</summary>
    public const int Directions = 16;

    private static readonly float[] Gaps = [0, 4, 9, 16, 26, 40, 58, 80, 110];

    // Right of the point is where a reader looks first.
    private static readonly float[] Preference =
    [
        0f,
        0.2f,
        0.25f,
        0.5f,
        0.6f,
        0.65f,
        0.6f,
        0.7f,
        0.6f,
        0.75f,
        0.7f,
        0.7f,
        0.7f,
        0.6f,
        0.35f,
        0.25f,
    ];

    /// <summary>The gaps between point and label up to a distance, the smallest first.</summary>
    public static ReadOnlySpan<float> GapsUpTo(float most) => Gaps.AsSpan(0, Math.Max(1, Gaps.Count(gap => gap <= most)));

    /// <summary>What a direction costs compared with the best one.</summary>
    public static float Cost(int direction) => Preference[direction];

    /// <summary>
    /// The box of a label in a direction (counterclockwise from the right), with its edge at a distance from the point's center.
    /// </summary>
    public static SKRect At(SKPoint point, SKSize size, int direction, float distance)
    {
        (float sine, float cosine) = MathF.SinCos(direction * 2 * MathF.PI / Directions);
        float x = point.X + (distance * cosine) + (Math.Clamp(1.5f * cosine, -1, 1) * size.Width / 2),
            y = point.Y - (distance * sine) - (Math.Clamp(1.5f * sine, -1, 1) * size.Height / 2);
        return SKRect.Create(x - (size.Width / 2), y - (size.Height / 2), size.Width, size.Height);
    }
}
