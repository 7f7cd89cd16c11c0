namespace Sextant.Numerics;

/// <summary>
/// Exact search of vectors in memory, for some hundred thousand of them at most. For more, for filters and for what must outlive the
/// process, use a collection or an index.
/// </summary>
public static class SemanticSearch
{
    /// <summary>Finds the most similar vectors for each query.</summary>
    /// <param name="queries">The vectors that are searched for.</param>
    /// <param name="corpus">The vectors that are searched, with as many dimensions.</param>
    /// <param name="topK">How many to find for each query; at least 1.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>For each query its hits, best first; equal ones in their order in <paramref name="corpus"/>.</returns>
    /// <exception cref="ArgumentException">The vectors differ in their dimensions, or one holds NaN or infinity.</exception>
    public static IReadOnlyList<IReadOnlyList<VectorHit>> Find(
        IReadOnlyList<ReadOnlyMemory<float>> queries,
        IReadOnlyList<ReadOnlyMemory<float>> corpus,
        int topK = 10,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(topK);
        VectorRows rows = new(corpus, normalize: true);
        VectorRows asked = new(queries, normalize: true, rows.Count == 0 ? null : rows.Dimensions);
        return Find(asked, rows, topK, float.NegativeInfinity, new ParallelOptions { CancellationToken = cancellationToken });
    }

    /// <summary>
    /// The best <paramref name="topK"/> with at least <paramref name="minScore"/>; of equal rows each leaves out itself when both are the
    /// same.
    /// </summary>
    internal static VectorHit[][] Find(VectorRows queries, VectorRows rows, int topK, float minScore, ParallelOptions parallel)
    {
        bool same = ReferenceEquals(queries, rows);
        var best = new TopK[queries.Count];
        for (int i = 0; i < best.Length; i++)
            best[i] = new(Math.Min(topK, rows.Count));
        rows.ForEachBlock(
            queries,
            parallel,
            (query, start, scores) =>
            {
                TopK kept = best[query];
                for (int j = 0; j < scores.Length; j++)
                {
                    float score = Math.Clamp(scores[j], -1, 1);
                    if (score < minScore || (same && start + j == query))
                        continue;
                    kept.Offer(start + j, score);
                }
            }
        );
        return Array.ConvertAll(best, static kept => kept.ToArray());
    }
}
