namespace Sextant.Plotting.Maps;

/// <summary>
/// The visible part of the plane. A few outliers would squeeze all other points into a spot, so points that are beyond the middle 90 % of
/// an axis by more than half of its length are left outside.
/// </summary>
internal readonly record struct ViewLimits(float Left, float Right, float Bottom, float Top)
{
    private const double Trimmed = 0.05;
    private const double Reach = 0.5;

    /// <summary>With fewer points, none counts as an outlier.</summary>
    private const int FewestPoints = 20;

    /// <summary>The limits of points; <see langword="null"/> when none of them is anywhere.</summary>
    public static ViewLimits? Compute(ReadOnlySpan<float> positions)
    {
        List<float> x = new(positions.Length / 2),
            y = new(positions.Length / 2);
        for (int i = 0; i < positions.Length; i += 2)
        {
            if (!IsFinite(positions, i))
                continue;
            x.Add(positions[i]);
            y.Add(positions[i + 1]);
        }

        if (x.Count == 0)
            return null;
        ViewLimits fence = Fence(x, y);
        (float left, float right, float bottom, float top) = (
            float.PositiveInfinity,
            float.NegativeInfinity,
            float.PositiveInfinity,
            float.NegativeInfinity
        );
        for (int i = 0; i < positions.Length; i += 2)
        {
            // A point that is outside on one side does not widen the other.
            if (!IsFinite(positions, i) || !fence.Holds(positions[i], positions[i + 1]))
                continue;
            (left, right) = (Math.Min(left, positions[i]), Math.Max(right, positions[i]));
            (bottom, top) = (Math.Min(bottom, positions[i + 1]), Math.Max(top, positions[i + 1]));
        }

        return new(left, right, bottom, top);
    }

    public static bool IsFinite(ReadOnlySpan<float> positions, int at) =>
        float.IsFinite(positions[at]) && float.IsFinite(positions[at + 1]);

    public bool Holds(float x, float y) => x >= Left && x <= Right && y >= Bottom && y <= Top;

    private static ViewLimits Fence(List<float> x, List<float> y)
    {
        (float left, float right) = Side(x);
        (float bottom, float top) = Side(y);
        return new(left, right, bottom, top);
    }

    private static (float Low, float High) Side(List<float> values)
    {
        values.Sort();
        int trim = values.Count < FewestPoints ? 0 : (int)Math.Ceiling(Trimmed * values.Count);
        float low = values[trim],
            high = values[^(trim + 1)],
            reach = (float)(Reach * ((double)high - low));
        // Few points have no outliers, and points on one spot have no length to measure by.
        return trim > 0 && reach > 0 ? (low - reach, high + reach) : (values[0], values[^1]);
    }
}
