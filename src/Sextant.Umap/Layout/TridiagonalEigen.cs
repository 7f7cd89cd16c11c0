namespace Sextant.Umap.Layout;

/// <summary>All eigenpairs of a small symmetric tridiagonal matrix, by QL with implicit shifts.</summary>
internal static class TridiagonalEigen
{
    private const int MostSweeps = 60;

    /// <summary>Solves in place.</summary>
    /// <param name="diagonal">Becomes the eigenvalues, in no order.</param>
    /// <param name="below">Entry i couples i and i + 1; as long as the diagonal, the last unused. Destroyed.</param>
    /// <returns>The eigenvectors: entry [k][i] is component k of vector i.</returns>
    public static double[][] Solve(double[] diagonal, double[] below)
    {
        int n = diagonal.Length;
        double[][] vectors = new double[n][];
        for (int i = 0; i < n; i++)
            (vectors[i] = new double[n])[i] = 1;
        if (n > 0)
            below[n - 1] = 0;
        for (int l = 0; l < n; l++)
        {
            for (int sweep = 0; sweep < MostSweeps; sweep++)
            {
                int m = l;
                while (m < n - 1 && Math.Abs(below[m]) > 1e-16 * (Math.Abs(diagonal[m]) + Math.Abs(diagonal[m + 1])))
                    m++;
                if (m == l)
                    break;
                Sweep(diagonal, below, vectors, l, m);
            }
        }

        return vectors;
    }

    private static void Sweep(double[] d, double[] e, double[][] vectors, int l, int m)
    {
        double g = (d[l + 1] - d[l]) / (2 * e[l]),
            r = double.Hypot(g, 1);
        g = d[m] - d[l] + (e[l] / (g + Math.CopySign(r, g)));
        double s = 1,
            c = 1,
            p = 0;
        for (int i = m - 1; i >= l; i--)
        {
            double f = s * e[i],
                b = c * e[i];
            r = double.Hypot(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }

            (s, c) = (f / r, g / r);
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            foreach (double[] row in vectors)
                (row[i + 1], row[i]) = ((s * row[i]) + (c * row[i + 1]), (c * row[i]) - (s * row[i + 1]));
        }

        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }
}
