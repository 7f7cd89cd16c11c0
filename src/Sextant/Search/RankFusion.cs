namespace Sextant.Search;

/// <summary>
/// Reciprocal rank fusion: an item scores 1 / (60 + rank) in each ranking that holds it, and the sums rank the whole.
/// It needs no common scale, which BM25 and cosine do not have.
/// (Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009.)
/// </summary>
internal static class RankFusion
{
    /// <summary>Dampens the first places; the paper's value.</summary>
    private const int K = 60;

    /// <summary>The items of both rankings, best first; equal sums in the order of the keys.</summary>
    /// <param name="near">By meaning, best first.</param>
    /// <param name="words">By words, best first.</param>
    public static List<FusedRank> Fuse(IEnumerable<long> near, IEnumerable<long> words)
    {
        Dictionary<long, FusedRank> all = [];
        int rank = 0;
        foreach (long key in near) all[key] = new(key, 1.0 / (K + ++rank), rank);
        rank = 0;
        foreach (long key in words)
        {
            double share = 1.0 / (K + ++rank);
            all[key] = all.TryGetValue(key, out FusedRank found) ? found with { Score = found.Score + share } : new(key, share, null);
        }

        return [.. all.Values.OrderByDescending(item => item.Score).ThenBy(item => item.Key)];
    }
}
