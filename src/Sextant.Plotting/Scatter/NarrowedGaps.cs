using Sextant.Plotting.Maps;

namespace Sextant.Plotting.Scatter;

/// <summary>
/// Narrows bands across the picture that have no points: two far groups would leave most of the picture empty, and distances between far
/// groups of UMAP carry no information. The order of the points along each axis stays.
/// </summary>
internal static class NarrowedGaps
{
    /// <summary>The share of the picture that a band without points may have.</summary>
    private const double Widest = 0.2;

    /// <summary>The positions with such bands narrowed; outliers outside the visible part keep their distance from it.</summary>
    public static float[] Apply(ReadOnlySpan<float> positions)
    {
        float[] moved = positions.ToArray();
        if (ViewLimits.Compute(positions) is not { } limits)
            return moved;
        for (int axis = 0; axis < 2; axis++)
        {
            List<float> inside = [];
            for (int i = 0; i < moved.Length; i += 2)
            {
                if (ViewLimits.IsFinite(positions, i) && limits.Holds(positions[i], positions[i + 1]))
                    inside.Add(positions[i + axis]);
            }

            inside.Sort();
            double cap = Cap([.. inside.Skip(1).Zip(inside, (b, a) => (double)b - a).OrderDescending()]);
            List<(float From, float To)> wide = [.. inside.Zip(inside.Skip(1)).Where(gap => (double)gap.Second - gap.First > cap)];
            for (int i = axis; i < moved.Length; i += 2)
                moved[i] = Move(moved[i], wide, cap);
        }

        return moved;
    }

    /// <summary>The greatest width of a gap so that no gap has more than its share of all; few points may be farther apart.</summary>
    /// <param name="gaps">The gaps between neighbors, the widest first.</param>
    private static double Cap(double[] gaps)
    {
        double share = Math.Max(Widest, 2.0 / Math.Max(1, gaps.Length)),
            rest = gaps.Sum(),
            cap = share * rest;
        for (int narrowed = 0; narrowed < gaps.Length && gaps[narrowed] > cap && share * (narrowed + 1) < 1; narrowed++)
        {
            rest -= gaps[narrowed];
            cap = share * rest / (1 - (share * (narrowed + 1)));
        }

        return cap > 0 ? cap : double.PositiveInfinity;
    }

    private static float Move(float value, List<(float From, float To)> wide, double cap)
    {
        double moved = value;
        foreach ((float from, float to) in wide)
        {
            double length = (double)to - from;
            if (value >= to)
                moved -= length - cap;
            else if (value > from)
                moved -= (value - from) * (1 - (cap / length));
        }

        return (float)moved;
    }
}
