namespace Sextant.Evaluation.Metrics;

/// <summary>
/// Metrics of a ranked list for one query, as defined by trec_eval: gains are the judged grades (which may be fractions), the discount is
/// log2(rank + 1), and documents without a judgment are not relevant. A query with judgments but no relevant document scores 0.
/// </summary>
public static class RankingMetrics
{
    /// <summary>
    /// Normalized discounted cumulative gain: the list's gain divided by that of the ideal list (Järvelin and Kekäläinen 2002).
    /// </summary>
    /// <param name="grades">The judged grade at each rank, best first; 0 or less is not relevant.</param>
    /// <param name="judged">All grades judged for the query, in any order.</param>
    /// <param name="k">The number of ranks that count; at least 1.</param>
    public static double Ndcg(ReadOnlySpan<double> grades, ReadOnlySpan<double> judged, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        double[] ideal = judged.ToArray();
        ideal.AsSpan().Sort(static (x, y) => y.CompareTo(x));
        double best = Gain(ideal, k);
        return best > 0 ? Gain(grades, k) / best : 0;
    }

    /// <summary>Average precision at the relevant places among the first <paramref name="k"/>, over all that is relevant.</summary>
    /// <param name="grades">The judged grade at each place.</param>
    /// <param name="relevant">How many documents are relevant at all.</param>
    /// <param name="k">The number of ranks that count; at least 1.</param>
    public static double AveragePrecision(ReadOnlySpan<double> grades, int relevant, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        double sum = 0;
        int found = 0;
        for (int i = 0; i < Math.Min(k, grades.Length); i++)
        {
            if (grades[i] > 0)
                sum += (double)++found / (i + 1);
        }

        return relevant > 0 ? sum / relevant : 0;
    }

    /// <summary>
    /// One divided by the rank of the first relevant document among the first <paramref name="k"/>; 0 if none is relevant.
    /// </summary>
    public static double ReciprocalRank(ReadOnlySpan<double> grades, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        for (int i = 0; i < Math.Min(k, grades.Length); i++)
        {
            if (grades[i] > 0)
                return 1.0 / (i + 1);
        }

        return 0;
    }

    /// <summary>The share of all relevant documents that is among the first <paramref name="k"/>.</summary>
    public static double Recall(ReadOnlySpan<double> grades, int relevant, int k) => relevant > 0 ? (double)Found(grades, k) / relevant : 0;

    /// <summary>
    /// The share of the first <paramref name="k"/> places that is relevant; places that a short list lacks count as not relevant.
    /// </summary>
    public static double Precision(ReadOnlySpan<double> grades, int k) => (double)Found(grades, k) / k;

    private static double Gain(ReadOnlySpan<double> grades, int k)
    {
        double sum = 0;
        for (int i = 0; i < Math.Min(k, grades.Length); i++)
        {
            if (grades[i] > 0)
                sum += grades[i] / Math.Log2(i + 2);
        }

        return sum;
    }

    private static int Found(ReadOnlySpan<double> grades, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        int found = 0;
        foreach (double grade in grades[..Math.Min(k, grades.Length)])
        {
            if (grade > 0)
                found++;
        }

        return found;
    }
}
