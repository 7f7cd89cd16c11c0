namespace Sextant.Numerics;

/// <summary>
/// Divides vectors into a given number of clusters: Lloyd's algorithm, begun as k-means++ does (Arthur and Vassilvitskii 2007). The same
/// vectors, options and seed give the same clusters.
/// </summary>
/// <remarks>
/// Squared Euclidean distances: embeddings of length 1 are clustered by their cosines. <c>DistinctiveTerms.Find</c> names the clusters of
/// texts by their words.
/// </remarks>
public static class KMeans
{
    /// <summary>Clusters the vectors.</summary>
    /// <param name="vectors">The vectors, at least as many as clusters.</param>
    /// <param name="clusters">How many clusters; at least 1.</param>
    /// <param name="options">The seed and the limit; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">
    /// There are fewer vectors than clusters, they differ in their dimensions, or one holds NaN or infinity.
    /// </exception>
    public static KMeansResult Cluster(
        IReadOnlyList<ReadOnlyMemory<float>> vectors,
        int clusters,
        KMeansOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clusters);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxIterations, nameof(options));
        VectorRows rows = new(vectors, normalize: false);
        if (rows.Count < clusters)
            throw new ArgumentException($"{rows.Count} vectors cannot form {clusters} clusters; give at least as many.", nameof(vectors));
        float[][] centroids = Begin(rows, clusters, new Random(options.Seed));
        int[] labels = new int[rows.Count];
        double[] distances = new double[rows.Count];
        ParallelOptions parallel = new() { CancellationToken = cancellationToken };
        Assign(rows, centroids, labels, distances, parallel);
        int iterations = 0;
        bool moved = true;
        while (moved && iterations < options.MaxIterations)
        {
            Move(rows, centroids, labels, distances);
            moved = Assign(rows, centroids, labels, distances, parallel);
            iterations++;
        }

        return new(labels, centroids, distances.Sum(), iterations);
    }

    /// <summary>Each next one is drawn with a probability that grows with the square of its distance from those before.</summary>
    private static float[][] Begin(VectorRows rows, int clusters, Random random)
    {
        float[][] centroids = new float[clusters][];
        double[] nearest = new double[rows.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        int next = random.Next(rows.Count);
        for (int c = 0; ; c++)
        {
            centroids[c] = rows[next].ToArray();
            if (c + 1 == clusters)
                return centroids;
            for (int i = 0; i < nearest.Length; i++)
                nearest[i] = Math.Min(nearest[i], Squared(rows[i], centroids[c]));
            double left = random.NextDouble() * nearest.Sum();
            next = Array.FindLastIndex(nearest, static distance => distance > 0);
            for (int i = 0; i < nearest.Length && next >= 0; i++)
            {
                left -= nearest[i];
                if (left < 0)
                {
                    next = i;
                    break;
                }
            }

            // All that is left are copies of centroids.
            if (next < 0)
                next = c + 1;
        }
    }

    private static bool Assign(VectorRows rows, float[][] centroids, int[] labels, double[] distances, ParallelOptions parallel)
    {
        int moved = 0;
        Parallel.For(
            0,
            rows.Count,
            parallel,
            i =>
            {
                int best = 0;
                double least = double.PositiveInfinity;
                for (int c = 0; c < centroids.Length; c++)
                {
                    double distance = Squared(rows[i], centroids[c]);
                    if (distance < least)
                        (best, least) = (c, distance);
                }

                if (labels[i] != best)
                    Interlocked.Exchange(ref moved, 1);
                (labels[i], distances[i]) = (best, least);
            }
        );
        return moved != 0;
    }

    private static void Move(VectorRows rows, float[][] centroids, int[] labels, double[] distances)
    {
        double[][] sums = [.. centroids.Select(static centroid => new double[centroid.Length])];
        int[] sizes = new int[centroids.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = rows[i];
            double[] sum = sums[labels[i]];
            for (int d = 0; d < sum.Length; d++)
                sum[d] += row[d];
            sizes[labels[i]]++;
        }

        for (int c = 0; c < centroids.Length; c++)
        {
            if (sizes[c] == 0)
            {
                // An empty cluster takes the vector that is farthest from its own.
                int farthest = Array.IndexOf(distances, distances.Max());
                distances[farthest] = 0;
                centroids[c] = rows[farthest].ToArray();
                continue;
            }

            for (int d = 0; d < centroids[c].Length; d++)
                centroids[c][d] = (float)(sums[c][d] / sizes[c]);
        }
    }

    private static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float distance = VectorMath.Euclidean(a, b);
        return (double)distance * distance;
    }
}
