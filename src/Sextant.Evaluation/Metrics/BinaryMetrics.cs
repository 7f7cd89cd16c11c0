namespace Sextant.Evaluation.Metrics;

/// <summary>
/// Measures how well scores separate positives from negatives. Items with equal scores are on the same side of every threshold.
/// </summary>
public static class BinaryMetrics
{
    /// <summary>Average precision: the precision at each threshold, weighted by the recall that it adds.</summary>
    /// <param name="scores">Higher means likelier.</param>
    /// <param name="right">Which items belong.</param>
    /// <returns>A value in [0, 1]; 0 when nothing belongs.</returns>
    public static double AveragePrecision(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right)
    {
        Step[] steps = Steps(scores, right, out int positives);
        double sum = 0;
        int before = 0;
        foreach (Step step in steps)
        {
            sum += (double)(step.True - before) / Math.Max(1, positives) * step.True / step.Taken;
            before = step.True;
        }

        return sum;
    }

    /// <summary>The best F1 that any threshold gives; 0 when nothing belongs.</summary>
    public static double BestF1(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right)
    {
        double best = 0;
        foreach (Step step in Steps(scores, right, out int positives))
            best = Math.Max(best, 2.0 * step.True / (step.Taken + positives));
        return best;
    }

    /// <summary>The best accuracy that any threshold gives, above all scores and below all included; not a number without items.</summary>
    public static double BestAccuracy(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right)
    {
        Step[] steps = Steps(scores, right, out int positives);
        int negatives = scores.Length - positives;
        int best = negatives;
        foreach (Step step in steps)
            best = Math.Max(best, step.True + negatives - (step.Taken - step.True));
        return (double)best / scores.Length;
    }

    /// <summary>For each distinct score, from the highest: how many items are taken by then, and how many of them rightly.</summary>
    private static Step[] Steps(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right, out int positives)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, scores.Length);
        double[] sorted = scores.ToArray();
        bool[] belongs = right.ToArray();
        Array.Sort(sorted, belongs);
        var steps = new List<Step>();
        positives = 0;
        for (int i = sorted.Length - 1; i >= 0; i--)
        {
            if (belongs[i])
                positives++;
            if (i == 0 || !sorted[i - 1].Equals(sorted[i]))
                steps.Add(new Step(sorted.Length - i, positives));
        }

        return [.. steps];
    }

    private readonly record struct Step(int Taken, int True);
}
