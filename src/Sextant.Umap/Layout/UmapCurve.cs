namespace Sextant.Umap.Layout;

/// <summary>
/// The similarity of two points of the layout at distance d, 1 / (1 + A·d^(2B)): the smooth curve nearest, in least squares, to
/// "1 up to min_dist, then fading exponentially over spread".
/// </summary>
internal readonly record struct UmapCurve(double A, double B)
{
    private const int Samples = 300;

    /// <summary>
    /// Fits by Levenberg-Marquardt from a = b = 1 over 300 distances up to three spreads, as the reference implementation does.
    /// </summary>
    public static UmapCurve Fit(double minDist, double spread)
    {
        double a = 1,
            b = 1,
            damping = 1e-3,
            error = Error(a, b, minDist, spread);
        for (int step = 0; step < 500; step++)
        {
            (double aa, double ab, double bb, double ga, double gb) = Normal(a, b, minDist, spread);
            double m00 = aa * (1 + damping),
                m11 = bb * (1 + damping),
                determinant = (m00 * m11) - (ab * ab);
            double da = ((m11 * ga) - (ab * gb)) / determinant,
                db = ((m00 * gb) - (ab * ga)) / determinant;
            double tried = Error(a + da, b + db, minDist, spread);
            if (!(tried <= error))
            {
                damping *= 10;
                if (damping > 1e12)
                    break;
                continue;
            }

            (a, b, error) = (a + da, b + db, tried);
            damping = Math.Max(damping / 10, 1e-12);
            if (Math.Abs(da) < 1e-13 * a && Math.Abs(db) < 1e-13 * b)
                break;
        }

        return new UmapCurve(a, b);
    }

    private static double Target(double x, double minDist, double spread) => x < minDist ? 1 : Math.Exp(-(x - minDist) / spread);

    private static double Error(double a, double b, double minDist, double spread)
    {
        if (a <= 0 || b <= 0)
            return double.PositiveInfinity;
        double sum = 0;
        for (int i = 0; i < Samples; i++)
        {
            double x = 3 * spread * i / (Samples - 1);
            double residual = Target(x, minDist, spread) - (1 / (1 + (a * Math.Pow(x, 2 * b))));
            sum += residual * residual;
        }

        return sum;
    }

    private static (double AA, double AB, double BB, double GA, double GB) Normal(double a, double b, double minDist, double spread)
    {
        double aa = 0,
            ab = 0,
            bb = 0,
            ga = 0,
            gb = 0;
        for (int i = 1; i < Samples; i++)
        {
            double x = 3 * spread * i / (Samples - 1),
                power = Math.Pow(x, 2 * b),
                value = 1 / (1 + (a * power));
            double byA = -power * value * value,
                byB = -2 * a * power * Math.Log(x) * value * value;
            double residual = Target(x, minDist, spread) - value;
            aa += byA * byA;
            ab += byA * byB;
            bb += byB * byB;
            ga += byA * residual;
            gb += byB * residual;
        }

        return (aa, ab, bb, ga, gb);
    }
}
