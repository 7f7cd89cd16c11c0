namespace Sextant.Search;

/// <summary>
/// Fuses a semantic ranking with a keyword ranking: a weighted sum of two scores, each in [0, 1]. The cosine is rescaled from the cosine of
/// the last candidate (0) to 1, so that models with a narrow range of cosines count as much as others. BM25 is the fraction of the weight
/// of the query's words that the text covers. (Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023.)
/// </summary>
internal static class RankFusion
{
    /// <summary>How deep each ranking counts: the same at any depth that is asked for, so that pages agree.</summary>
    public const int Depth = 256;

    /// <summary>The share of meaning, chosen on development queries; see docs/decisions/hybrid-fusion.md.</summary>
    private const double Meaning = 0.6;

    /// <summary>Added to the weight of the query's words: a match of one common word is weak evidence.</summary>
    private const double Doubt = 5;

    /// <summary>The documents of both rankings, best first; equal ones in the order of the rankings.</summary>
    /// <param name="near">By meaning, best first.</param>
    /// <param name="words">By words, best first.</param>
    /// <param name="weight">The sum of the rarities (inverse document frequencies) of the query's words.</param>
    public static List<FusedRank> Fuse(IReadOnlyList<(long Key, float Cosine)> near, IReadOnlyList<(long Key, float Score)> words, double weight)
    {
        Dictionary<long, FusedRank> all = new(near.Count + words.Count);
        double floor = near.Count == 0 ? 0 : near[Math.Min(Depth, near.Count) - 1].Cosine;
        for (int i = 0; i < near.Count; i++)
        {
            double share = floor < 1 ? Math.Max(0, (near[i].Cosine - floor) / (1 - floor)) : 0;
            all[near[i].Key] = new(near[i].Key, Meaning * share, i + 1, null);
        }

        for (int i = 0; i < words.Count; i++)
        {
            (long key, float score) = words[i];
            double share = i < Depth ? Math.Clamp(score / (weight + Doubt), 0, 1) : 0;
            FusedRank found = all.GetValueOrDefault(key, new(key, 0, null, null));
            all[key] = found with { Score = found.Score + ((1 - Meaning) * share), Words = i + 1 };
        }

        return [.. all.Values.OrderByDescending(item => item.Score).ThenBy(item => item.Near ?? int.MaxValue).ThenBy(item => item.Words)];
    }

    /// <summary>How rare a word is that so many of all documents hold, as BM25 weighs it.</summary>
    public static double Rarity(long documentsWith, long documents) =>
        Math.Max(1e-6, Math.Log((documents - documentsWith + 0.5) / (documentsWith + 0.5)));
}
