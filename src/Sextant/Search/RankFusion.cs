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

    /// <summary>The items of all rankings, best first; equal sums in the order of the keys.</summary>
    public static List<long> Fuse(params IEnumerable<IEnumerable<long>> rankings)
    {
        Dictionary<long, double> sums = [];
        foreach (IEnumerable<long> ranking in rankings)
        {
            int rank = 0;
            foreach (long key in ranking) sums[key] = sums.GetValueOrDefault(key) + 1.0 / (K + ++rank);
        }

        return [.. sums.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key)];
    }
}
