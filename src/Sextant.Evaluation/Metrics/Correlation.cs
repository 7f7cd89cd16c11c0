namespace Sextant.Evaluation.Metrics;

/// <summary>How well two lists of numbers go together.</summary>
public static class Correlation
{
    /// <summary>Pearson's product-moment correlation of two lists of one length.</summary>
    /// <returns>A value in [-1, 1]; not a number when there are fewer than two pairs or one list is constant.</returns>
    public static double Pearson(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        if (a.Length < 2 || IsConstant(a) || IsConstant(b))
            return double.NaN;
        (double meanA, double meanB) = (Mean(a), Mean(b));
        double ab = 0,
            aa = 0,
            bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            (double x, double y) = (a[i] - meanA, b[i] - meanB);
            ab += x * y;
            aa += x * x;
            bb += y * y;
        }

        return Math.Clamp(ab / Math.Sqrt(aa) / Math.Sqrt(bb), -1, 1);
    }

    /// <summary>Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of their places.</summary>
    /// <returns>A value in [-1, 1]; not a number when there are fewer than two pairs or one list is constant.</returns>
    public static double Spearman(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        return Pearson(Ranks(a), Ranks(b));
    }

    /// <summary>The ranks of values from 1; equal values share the mean of their places.</summary>
    public static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = new int[values.Length];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        double[] ranks = new double[values.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            while (end < order.Length && sorted[end].Equals(sorted[start]))
                end++;
            for (int i = start; i < end; i++)
                ranks[order[i]] = (start + end + 1) / 2.0;
        }

        return ranks;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum / values.Length;
    }

    private static bool IsConstant(ReadOnlySpan<double> values) => !values.ContainsAnyExcept(values[0]);
}
