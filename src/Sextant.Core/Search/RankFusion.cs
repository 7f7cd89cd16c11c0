namespace Sextant.Search;

/// <summary>
/// Fuses the semantic and the keyword ranking of a hybrid search by a convex combination of two shares, each in [0, 1]: 0.6 of the
/// cosine's, which is how
/// far it is above that of the last document that counts, on the way to 1, so that models whose cosines are all close together count as
/// much as others;
/// and 0.4 of the BM25 score's part of the total weight of the query's words. (Bruch, Gai and Ingber, "An analysis of fusion functions for
/// hybrid
/// retrieval", TOIS 2023.)
/// </summary>
public static class RankFusion
{
    /// <summary>How many documents of each ranking count. The same for every page of results, so that pages agree.</summary>
    public const int Depth = 256;

    /// <summary>The share of meaning, chosen on development queries; see docs/decisions/hybrid-fusion.md.</summary>
    private const double Meaning = 0.6;

    /// <summary>Added to the weight of the query's words: a match of one common word is weak evidence.</summary>
    private const double Doubt = 5;

    /// <summary>Fuses two rankings.</summary>
    /// <param name="near">The semantic ranking, best first, with cosines; at least <see cref="Depth"/> documents where there are so
    /// many.</param>
    /// <param name="words">The keyword ranking, best first, with BM25 scores.</param>
    /// <param name="weight">The sum of <see cref="InverseDocumentFrequency"/> over the query's words that any document contains.</param>
    /// <returns>The documents of both rankings, best first; equal ones in the order of the rankings.</returns>
    public static IReadOnlyList<FusedRank> Fuse(
        IReadOnlyList<(long Key, float Cosine)> near,
        IReadOnlyList<(long Key, float Score)> words,
        double weight
    )
    {
        ArgumentNullException.ThrowIfNull(near);
        ArgumentNullException.ThrowIfNull(words);
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
            all[key] = found with { Score = found.Score + ((1 - Meaning) * share), KeywordRank = i + 1 };
        }

        return
        [
            .. all
                .Values.OrderByDescending(item => item.Score)
                .ThenBy(item => item.SemanticRank ?? int.MaxValue)
                .ThenBy(item => item.KeywordRank),
        ];
    }

    /// <summary>The inverse document frequency of a word, as BM25 weighs it; at least 10⁻⁶.</summary>
    /// <param name="documentsWith">The number of documents that contain the word.</param>
    /// <param name="documents">The number of all documents.</param>
    public static double InverseDocumentFrequency(long documentsWith, long documents) =>
        Math.Max(1e-6, Math.Log((documents - documentsWith + 0.5) / (documentsWith + 0.5)));
}
