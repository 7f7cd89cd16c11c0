using CsCheck;
using Sextant.Evaluation.Metrics;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation.Tests.Statistics;

public sealed class BootstrapTests
{
    [Fact]
    public void Weighted_resample_scores_like_the_repeated_list() =>
        Gen.Select(Gen.Int[0, 6].Array[4, 30], Gen.Int[0, 3].Array[4, 30], Gen.Int[0, 4].Array[4, 30])
            .Sample(
                (found, right, weights) =>
                {
                    int n = Math.Min(found.Length, Math.Min(right.Length, weights.Length));
                    weights = weights[..n];
                    if (weights.Sum() == 0)
                        return;
                    double[] a = [.. found.Take(n).Select(x => (double)x)],
                        b = [.. right.Take(n).Select(x => (double)x)];
                    double[] manyA = [.. Enumerable.Range(0, n).SelectMany(i => Enumerable.Repeat(a[i], weights[i]))];
                    double[] manyB = [.. Enumerable.Range(0, n).SelectMany(i => Enumerable.Repeat(b[i], weights[i]))];

                    Same(Correlation.Spearman(manyA, manyB), new Resampler(new ScoreSample(ScoreStatistic.Spearman, a, b)).Value(weights));
                    Same(
                        BinaryMetrics.AveragePrecision(manyA, Array.ConvertAll(manyB, x => x > 0)),
                        new Resampler(new ScoreSample(ScoreStatistic.AveragePrecision, a, b)).Value(weights)
                    );
                    Same(manyA.Average(), new Resampler(new ScoreSample(ScoreStatistic.Mean, a, [])).Value(weights));
                }
            );

    [Fact]
    public void Interval_of_a_mean_is_close_to_the_normal_distribution()
    {
        var random = new Random(3);
        double[] items = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        double mean = items.Average(),
            error = Math.Sqrt(items.Average(x => (x - mean) * (x - mean)) / items.Length);

        (double low, double high) = Bootstrap.Interval(Bootstrap.Replicates([new ScoreSample(ScoreStatistic.Mean, items, [])]));

        Assert.InRange(low, mean - (2.3 * error), mean - (1.6 * error));
        Assert.InRange(high, mean + (1.6 * error), mean + (2.3 * error));
    }

    [Fact]
    public void Paired_test_detects_a_small_steady_difference_and_not_chance()
    {
        var random = new Random(4);
        double[] items = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        double[] steady = Array.ConvertAll(items, x => x + 0.02),
            chance = Array.ConvertAll(items, x => x + ((random.NextDouble() - 0.5) * 0.5));

        Assert.True(P(steady, items) < 0.01);
        Assert.True(P(chance, items) > 0.05);
        Assert.Equal(1, P(items, items));

        static double P(double[] a, double[] b) =>
            Bootstrap.PValue(
                Bootstrap.Replicates([new ScoreSample(ScoreStatistic.Mean, a, [])]),
                Bootstrap.Replicates([new ScoreSample(ScoreStatistic.Mean, b, [])])
            );
    }

    [Fact]
    public void Interval_of_no_items_is_undefined()
    {
        Assert.Empty(Bootstrap.Replicates([]));
        Assert.Empty(Bootstrap.Replicates([new ScoreSample(ScoreStatistic.Mean, [], [])]));
        Assert.Equal((double.NaN, double.NaN), Bootstrap.Interval([]));
        Assert.Equal(double.NaN, Bootstrap.PValue([], []));
    }

    private static void Same(double expected, double actual) =>
        Assert.True(double.IsNaN(expected) ? !double.IsFinite(actual) : Math.Abs(expected - actual) < 1e-9, $"{actual}, not {expected}");
}
