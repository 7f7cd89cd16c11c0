using CsCheck;
using Sextant.Evaluation.Metrics;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation.Tests.Statistics;

public sealed class BootstrapTests
{
    [Fact]
    public void A_resample_scores_as_the_list_in_which_each_item_stands_as_often_as_its_weight_says() =>
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
    public void The_interval_of_a_mean_is_near_the_one_that_the_normal_distribution_gives()
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
    public void A_small_but_steady_difference_is_found_in_pairs_and_chance_is_not()
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
    public void Without_items_there_is_no_certainty_to_tell()
    {
        Assert.Empty(Bootstrap.Replicates([]));
        Assert.Empty(Bootstrap.Replicates([new ScoreSample(ScoreStatistic.Mean, [], [])]));
        Assert.Equal((double.NaN, double.NaN), Bootstrap.Interval([]));
        Assert.Equal(double.NaN, Bootstrap.PValue([], []));
    }

    private static void Same(double expected, double actual) =>
        Assert.True(double.IsNaN(expected) ? !double.IsFinite(actual) : Math.Abs(expected - actual) < 1e-9, $"{actual}, not {expected}");
}
