using System.Numerics.Tensors;

namespace Sextant.Evaluation.Learning;

/// <summary>
/// Mini-batch k-means (Sculley 2010) with the rules of scikit-learn: k-means++ on three batches, batches drawn with replacement,
/// each center is the mean of all points ever assigned to it, centers with too few points move to random points, and the algorithm stops
/// when the smoothed inertia has not decreased for ten batches.
/// </summary>
internal sealed class MiniBatchKMeans
{
    private const int Batch = 512,
        MaxPasses = 100,
        Patience = 10;
    private const double ReassignBelow = 0.01;

    private readonly EmbeddingTable _table;
    private readonly int[] _rows;
    private readonly NumPyRandom _random;
    private readonly float[][] _centers;
    private readonly double[] _weights;

    private MiniBatchKMeans(EmbeddingTable table, int[] rows, int clusters, uint seed)
    {
        (_table, _rows, _random) = (table, rows, new NumPyRandom(seed));
        _centers = new float[clusters][];
        _weights = new double[clusters];
    }

    /// <summary>Groups rows of a table; gives each a number from 0 to <paramref name="clusters"/> - 1.</summary>
    public static int[] Cluster(EmbeddingTable table, int[] rows, int clusters, uint seed)
    {
        var run = new MiniBatchKMeans(table, rows, clusters, seed);
        run.Begin();
        run.Improve();
        return Array.ConvertAll(rows, row => run.Nearest(row).Center);
    }

    /// <summary>k-means++ (Arthur and Vassilvitskii 2007), the best of a few candidates at each step.</summary>
    private void Begin()
    {
        int size = Math.Min(_rows.Length, Math.Max(3 * Batch, 3 * _centers.Length));
        int[] sample = [.. Enumerable.Range(0, size).Select(_ => Draw())];
        _centers[0] = _table[sample[_random.UpTo((uint)size - 1)]].ToArray();
        double[] nearest = Distances(sample, _centers[0]);
        int trials = 2 + (int)Math.Log(_centers.Length);
        for (int c = 1; c < _centers.Length; c++)
        {
            double total = nearest.Sum(),
                bestSum = double.PositiveInfinity;
            double[] best = nearest;
            for (int trial = 0; trial < trials; trial++)
            {
                float[] candidate = _table[sample[Pick(nearest, total)]].ToArray();
                double[] distances = Distances(sample, candidate);
                for (int i = 0; i < size; i++)
                    distances[i] = Math.Min(distances[i], nearest[i]);
                double sum = distances.Sum();
                if (sum < bestSum)
                    (bestSum, best, _centers[c]) = (sum, distances, candidate);
            }

            nearest = best;
        }
    }

    private void Improve()
    {
        long steps = (long)MaxPasses * _rows.Length / Batch;
        double smoothing = Math.Min(1, 2.0 * Batch / (_rows.Length + 1)),
            smoothed = double.NaN,
            least = double.PositiveInfinity;
        int waited = 0,
            sinceReassigned = 0;
        for (long step = 0; step < steps; step++)
        {
            int[] batch = [.. Enumerable.Range(0, Math.Min(Batch, _rows.Length)).Select(_ => Draw())];
            double inertia = Update(batch) / batch.Length;
            sinceReassigned += batch.Length;
            if (sinceReassigned >= 10 * _centers.Length || Array.IndexOf(_weights, 0) >= 0)
            {
                sinceReassigned = 0;
                Reassign(batch);
            }

            // The first batch measures the initialization, not the centers.
            if (step == 0)
                continue;
            smoothed = double.IsNaN(smoothed) ? inertia : (smoothed * (1 - smoothing)) + (inertia * smoothing);
            waited = smoothed < least ? 0 : waited + 1;
            least = Math.Min(least, smoothed);
            if (waited >= Patience)
                return;
        }
    }

    /// <summary>Moves each center to the mean of all points assigned so far; returns the batch's inertia before the move.</summary>
    private double Update(int[] batch)
    {
        double inertia = 0;
        var taken = new (int Center, double Distance)[batch.Length];
        for (int i = 0; i < batch.Length; i++)
            inertia += (taken[i] = Nearest(batch[i])).Distance;
        float[][] sums = new float[_centers.Length][];
        int[] counts = new int[_centers.Length];
        for (int i = 0; i < batch.Length; i++)
        {
            float[] sum = sums[taken[i].Center] ??= new float[_table.Dimensions];
            TensorPrimitives.Add(sum, _table[batch[i]], sum);
            counts[taken[i].Center]++;
        }

        for (int c = 0; c < _centers.Length; c++)
        {
            if (counts[c] == 0)
                continue;
            TensorPrimitives.MultiplyAdd(_centers[c], (float)_weights[c], sums[c], sums[c]);
            _weights[c] += counts[c];
            TensorPrimitives.Divide(sums[c], (float)_weights[c], _centers[c]);
        }

        return inertia;
    }

    private void Reassign(int[] batch)
    {
        double largest = _weights.Max();
        int[] weak =
        [
            .. Enumerable
                .Range(0, _centers.Length)
                .Where(c => _weights[c] < ReassignBelow * largest)
                .OrderBy(c => _weights[c])
                .Take(batch.Length / 2),
        ];
        if (weak.Length == 0 || weak.Length == _centers.Length)
            return;
        double rest = Enumerable.Range(0, _centers.Length).Except(weak).Min(c => _weights[c]);
        foreach (int c in weak)
        {
            _centers[c] = _table[batch[_random.UpTo((uint)batch.Length - 1)]].ToArray();
            _weights[c] = rest;
        }
    }

    private (int Center, double Distance) Nearest(int row)
    {
        (int center, double least) = (0, double.PositiveInfinity);
        for (int c = 0; c < _centers.Length; c++)
        {
            double distance = Distance(_table[row], _centers[c]);
            if (distance < least)
                (center, least) = (c, distance);
        }

        return (center, least);
    }

    private double[] Distances(int[] rows, float[] center) => Array.ConvertAll(rows, row => Distance(_table[row], center));

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float distance = TensorPrimitives.Distance(a, b);
        return distance * distance;
    }

    private int Pick(double[] weights, double total)
    {
        double at = _random.NextDouble() * total;
        for (int i = 0; i < weights.Length; i++)
        {
            if ((at -= weights[i]) < 0)
                return i;
        }

        return weights.Length - 1;
    }

    private int Draw() => _rows[_random.UpTo((uint)_rows.Length - 1)];
}
