namespace Sextant.Numerics;

/// <summary>Finds texts that say nearly the same, by comparing the vectors of all with those of all.</summary>
public static class ParaphraseMiner
{
    /// <summary>Finds the most similar pairs.</summary>
    /// <param name="vectors">The vectors of the texts.</param>
    /// <param name="options">How many pairs, and how similar; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Each pair once, the most similar first.</returns>
    /// <exception cref="ArgumentException">The vectors differ in their dimensions, or one holds NaN or infinity.</exception>
    public static IReadOnlyList<SimilarPair> Mine(
        IReadOnlyList<ReadOnlyMemory<float>> vectors,
        ParaphraseMiningOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.NeighborsPerText, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxPairs, nameof(options));
        VectorRows rows = new(vectors, normalize: true);
        VectorHit[][] near = SemanticSearch.Find(
            rows,
            rows,
            options.NeighborsPerText,
            options.MinScore,
            new ParallelOptions { CancellationToken = cancellationToken }
        );
        HashSet<(int, int)> seen = [];
        List<SimilarPair> pairs = [];
        for (int i = 0; i < near.Length; i++)
        {
            foreach (VectorHit hit in near[i])
            {
                (int first, int second) = i < hit.Index ? (i, hit.Index) : (hit.Index, i);
                if (seen.Add((first, second)))
                    pairs.Add(new(first, second, hit.Score));
            }
        }

        pairs.Sort(static (a, b) => b.Score != a.Score ? b.Score.CompareTo(a.Score) : (a.First, a.Second).CompareTo((b.First, b.Second)));
        return pairs.Count > options.MaxPairs ? pairs[..options.MaxPairs] : pairs;
    }
}
