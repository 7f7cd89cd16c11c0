namespace Sextant.Plotting.Maps;

/// <summary>Turns a layout so that it extends farthest along the horizontal axis, as pictures and screens do.</summary>
internal static class PrincipalAxes
{
    /// <summary>The positions, turned by at most a quarter; without a main direction, unchanged.</summary>
    public static float[] Align(ReadOnlySpan<float> positions)
    {
        float[] turned = positions.ToArray();
        if (ViewLimits.Compute(positions) is not { } limits)
            return turned;
        // Outliers must not decide.
        List<(double X, double Y)> inside = [];
        for (int i = 0; i < positions.Length; i += 2)
        {
            if (ViewLimits.IsFinite(positions, i) && limits.Holds(positions[i], positions[i + 1]))
                inside.Add((positions[i], positions[i + 1]));
        }

        double meanX = inside.Average(p => p.X),
            meanY = inside.Average(p => p.Y);
        double xx = inside.Sum(p => (p.X - meanX) * (p.X - meanX)),
            yy = inside.Sum(p => (p.Y - meanY) * (p.Y - meanY)),
            xy = inside.Sum(p => (p.X - meanX) * (p.Y - meanY));
        (double sine, double cosine) = Math.SinCos(0.5 * Math.Atan2(2 * xy, xx - yy));
        for (int i = 0; i < turned.Length; i += 2)
        {
            double x = positions[i] - meanX,
                y = positions[i + 1] - meanY;
            turned[i] = (float)((cosine * x) + (sine * y));
            turned[i + 1] = (float)((cosine * y) - (sine * x));
        }

        return turned;
    }
}
