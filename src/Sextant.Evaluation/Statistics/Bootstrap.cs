namespace Sextant.Evaluation.Statistics;

/// <summary>
/// The bootstrap (Efron 1979): how far a score would move, had other items of the same kind been asked. Two models' replicates of one
/// task are drawn on the same items, so their differences are those of a paired test.
/// </summary>
public static class Bootstrap
{
    /// <summary>How many resamples are drawn.</summary>
    public const int Resamples = 1000;

    private const double Confidence = 0.95;

    /// <summary>The score on each resample of its items; the same items for every model with as many of them.</summary>
    /// <param name="samples">The score is the mean of theirs.</param>
    /// <returns>As many values as <see cref="Resamples"/>; none without items.</returns>
    public static IReadOnlyList<double> Replicates(IReadOnlyList<ScoreSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0 || samples.Any(static sample => sample.Found.Count == 0))
            return [];
        double[][] columns = new double[samples.Count][];
        Parallel.For(
            0,
            samples.Count,
            s =>
            {
                var resampler = new Resampler(samples[s]);
                // The seed is the same for every model, independent of the order of measurement.
                var random = new Random(s + 1);
                int[] weights = new int[samples[s].Found.Count];
                columns[s] = new double[Resamples];
                for (int r = 0; r < Resamples; r++)
                {
                    Array.Clear(weights);
                    for (int i = 0; i < weights.Length; i++)
                        weights[random.Next(weights.Length)]++;
                    columns[s][r] = resampler.Value(weights);
                }
            }
        );
        return [.. Enumerable.Range(0, Resamples).Select(r => columns.Average(column => column[r]))];
    }

    /// <summary>The interval that contains 95 of 100 replicates; NaN without replicates.</summary>
    public static (double Low, double High) Interval(IReadOnlyList<double> replicates)
    {
        ArgumentNullException.ThrowIfNull(replicates);
        double[] sorted = [.. replicates.Where(static value => !double.IsNaN(value)).Order()];
        if (sorted.Length == 0)
            return (double.NaN, double.NaN);
        return (Quantile(sorted, (1 - Confidence) / 2), Quantile(sorted, (1 + Confidence) / 2));
    }

    /// <summary>How likely a difference at least this large would be, both ways, if the two were equally good.</summary>
    /// <returns>A value in (0, 1]; not a number where there is nothing to compare.</returns>
    public static double PValue(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double[] differences = [.. first.Zip(second, static (a, b) => a - b).Where(static value => !double.IsNaN(value))];
        if (differences.Length == 0)
            return double.NaN;
        int notAbove = differences.Count(static value => value <= 0),
            notBelow = differences.Count(static value => value >= 0);
        return Math.Min(1, 2.0 * (Math.Min(notAbove, notBelow) + 1) / (differences.Length + 1));
    }

    private static double Quantile(double[] sorted, double part)
    {
        double at = part * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
