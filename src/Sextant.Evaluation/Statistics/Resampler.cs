namespace Sextant.Evaluation.Statistics;

/// <summary>
/// The score of a sample in which each item stands as often as its weight says. Items are sorted once, so that each resample costs only one
/// pass over them, and ties are handled like in the metrics.
/// </summary>
internal sealed class Resampler
{
    private readonly ScoreSample _sample;
    private readonly int[] _byFound;
    private readonly int[] _byRight;
    private readonly double[] _foundRanks;
    private readonly double[] _rightRanks;

    public Resampler(ScoreSample sample)
    {
        _sample = sample;
        bool spearman = sample.Statistic == ScoreStatistic.Spearman;
        _byFound = sample.Statistic == ScoreStatistic.Mean ? [] : Order(sample.Found);
        _byRight = spearman ? Order(sample.Right) : [];
        _foundRanks = spearman ? new double[sample.Found.Count] : [];
        _rightRanks = spearman ? new double[sample.Found.Count] : [];
    }

    /// <summary>The score with these weights, one for each item.</summary>
    public double Value(int[] weights) =>
        _sample.Statistic switch
        {
            ScoreStatistic.Spearman => Spearman(weights),
            ScoreStatistic.AveragePrecision => AveragePrecision(weights),
            _ => Mean(weights),
        };

    private double Mean(int[] weights)
    {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * _sample.Found[i];
            count += weights[i];
        }

        return sum / count;
    }

    private double Spearman(int[] weights)
    {
        double count = Rank(_sample.Found, _byFound, weights, _foundRanks);
        Rank(_sample.Right, _byRight, weights, _rightRanks);
        double mean = (count + 1) / 2,
            ab = 0,
            aa = 0,
            bb = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0)
                continue;
            (double x, double y) = (_foundRanks[i] - mean, _rightRanks[i] - mean);
            ab += weights[i] * x * y;
            aa += weights[i] * x * x;
            bb += weights[i] * y * y;
        }

        return ab / Math.Sqrt(aa * bb);
    }

    /// <summary>Writes each item's rank among the items as often as they stand; gives their number.</summary>
    private static double Rank(IReadOnlyList<double> values, int[] order, int[] weights, double[] ranks)
    {
        long before = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            long count = 0;
            for (end = start; end < order.Length && values[order[end]].Equals(values[order[start]]); end++)
                count += weights[order[end]];
            double rank = before + ((count + 1) / 2.0);
            for (int i = start; i < end; i++)
                ranks[order[i]] = rank;
            before += count;
        }

        return before;
    }

    private double AveragePrecision(int[] weights)
    {
        double sum = 0;
        long taken = 0,
            right = 0,
            before = 0;
        for (int i = _byFound.Length - 1; i >= 0; i--)
        {
            int item = _byFound[i];
            taken += weights[item];
            if (_sample.Right[item] > 0)
                right += weights[item];
            if ((i > 0 && _sample.Found[_byFound[i - 1]].Equals(_sample.Found[item])) || taken == 0)
                continue;
            sum += (double)(right - before) * right / taken;
            before = right;
        }

        return right > 0 ? sum / right : 0;
    }

    private static int[] Order(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count)];
        Array.Sort([.. values], order);
        return order;
    }
}
