namespace Sextant.Evaluation.Metrics;

/// <summary>How well labels that were given agree with those that are right. Labels are numbers that mean nothing but themselves.</summary>
public static class LabelMetrics
{
    /// <summary>The share of labels that are right; not a number without items.</summary>
    public static double Accuracy(ReadOnlySpan<int> right, ReadOnlySpan<int> given)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(given.Length, right.Length);
        int same = 0;
        for (int i = 0; i < right.Length; i++)
        {
            if (right[i] == given[i])
                same++;
        }

        return (double)same / right.Length;
    }

    /// <summary>The unweighted mean of the labels' F1 (macro F1), over all labels that occur in the gold or predicted labels.</summary>
    public static double MacroF1(ReadOnlySpan<int> right, ReadOnlySpan<int> given)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(given.Length, right.Length);
        var counts = new Dictionary<int, (int Both, int Right, int Given)>();
        for (int i = 0; i < right.Length; i++)
        {
            (int both, int isRight, int isGiven) = counts.GetValueOrDefault(right[i]);
            counts[right[i]] = (right[i] == given[i] ? both + 1 : both, isRight + 1, isGiven);
            (both, isRight, isGiven) = counts.GetValueOrDefault(given[i]);
            counts[given[i]] = (both, isRight, isGiven + 1);
        }

        return counts.Count == 0 ? double.NaN : counts.Values.Average(static c => 2.0 * c.Both / (c.Right + c.Given));
    }

    /// <summary>V-measure: the harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007).</summary>
    /// <returns>A value in [0, 1]; 1 for the same grouping under any names, and when there is one group on both sides.</returns>
    public static double VMeasure(ReadOnlySpan<int> right, ReadOnlySpan<int> given)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(given.Length, right.Length);
        if (right.Length == 0)
            return 1;
        var joint = new Dictionary<(int, int), int>();
        var rights = new Dictionary<int, int>();
        var givens = new Dictionary<int, int>();
        for (int i = 0; i < right.Length; i++)
        {
            joint[(right[i], given[i])] = joint.GetValueOrDefault((right[i], given[i])) + 1;
            rights[right[i]] = rights.GetValueOrDefault(right[i]) + 1;
            givens[given[i]] = givens.GetValueOrDefault(given[i]) + 1;
        }

        double total = right.Length;
        double entropyRight = Entropy(rights.Values, total),
            entropyGiven = Entropy(givens.Values, total),
            mutual = 0;
        foreach (((int r, int g), int count) in joint)
            mutual += count / total * Math.Log(count * total / ((double)rights[r] * givens[g]));
        // One group on either side has no entropy but that of rounding.
        double homogeneity = rights.Count > 1 ? mutual / entropyRight : 1,
            completeness = givens.Count > 1 ? mutual / entropyGiven : 1;
        double sum = homogeneity + completeness;
        return sum > 0 ? Math.Clamp(2 * homogeneity * completeness / sum, 0, 1) : 0;
    }

    private static double Entropy(IEnumerable<int> counts, double total) => -counts.Sum(count => count / total * Math.Log(count / total));
}
