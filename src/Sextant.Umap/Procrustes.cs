namespace Sextant.Umap;

/// <summary>
/// Aligns two layouts of the same rows on a plane: UMAP leaves the direction of a layout to chance, so that two can only be compared after
/// one is moved, turned, mirrored and scaled onto the other (ordinary Procrustes analysis).
/// </summary>
public static class Procrustes
{
    /// <summary>Aligns points with others.</summary>
    /// <param name="reference">x and y of each point of the layout that stays.</param>
    /// <param name="points">x and y of the same points in the layout to align.</param>
    /// <returns>The aligned points, and the disparity: the sum of the squared distances that remain, as a fraction from 0 to 1.</returns>
    /// <exception cref="ArgumentException">The layouts differ in length, or are not pairs.</exception>
    public static (float[] Aligned, double Disparity) Align(ReadOnlySpan<float> reference, ReadOnlySpan<float> points)
    {
        if (reference.Length != points.Length || points.Length % 2 != 0)
            throw new ArgumentException($"{reference.Length} and {points.Length} numbers are not pairs of equal points.", nameof(points));
        if (points.Length == 0)
            return ([], 0);
        (double X, double Y) center = Center(reference),
            own = Center(points);
        double xx = 0,
            xy = 0,
            yx = 0,
            yy = 0,
            spread = 0,
            size = 0;
        for (int i = 0; i < points.Length; i += 2)
        {
            (double a, double b) = (points[i] - own.X, points[i + 1] - own.Y);
            (double c, double d) = (reference[i] - center.X, reference[i + 1] - center.Y);
            (xx, xy, yx, yy) = (xx + (a * c), xy + (a * d), yx + (b * c), yy + (b * d));
            spread += (a * a) + (b * b);
            size += (c * c) + (d * d);
        }

        // A rotation by the angle t turns (a, b) into (a cos t − b sin t, a sin t + b cos t); a mirrored layout has −b for b.
        (double turned, double mirrored) = (double.Hypot(xx + yy, xy - yx), double.Hypot(xx - yy, xy + yx));
        double sign = mirrored > turned ? -1 : 1,
            angle = Math.Atan2(xy - (sign * yx), xx + (sign * yy)),
            fit = Math.Max(turned, mirrored),
            scale = spread > 0 ? fit / spread : 1;
        (double sine, double cosine) = Math.SinCos(angle);
        float[] aligned = new float[points.Length];
        for (int i = 0; i < points.Length; i += 2)
        {
            (double a, double b) = (points[i] - own.X, sign * (points[i + 1] - own.Y));
            aligned[i] = (float)(center.X + (scale * ((a * cosine) - (b * sine))));
            aligned[i + 1] = (float)(center.Y + (scale * ((a * sine) + (b * cosine))));
        }

        double disparity = spread > 0 && size > 0 ? Math.Clamp(1 - (fit * fit / spread / size), 0, 1) : 0;
        return (aligned, disparity);
    }

    private static (double X, double Y) Center(ReadOnlySpan<float> points)
    {
        double x = 0,
            y = 0;
        for (int i = 0; i < points.Length; i += 2)
            (x, y) = (x + points[i], y + points[i + 1]);
        return (x / (points.Length / 2), y / (points.Length / 2));
    }
}
