using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>
/// Ranks documents by the words of a query, for stores without a full-text index: Okapi BM25 with the constants of SQLite's full-text
/// tables. (Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009.)
/// </summary>
/// <param name="terms">The terms of the query, as <see cref="KeywordAnalyzer.AnalyzeQuery"/> returns them.</param>
/// <remarks>Add every document of the collection, then read the ranking. Not thread-safe.</remarks>
public sealed class Bm25Ranker(IEnumerable<string> terms)
{
    private const double K1 = 1.2,
        B = 0.75;

    private readonly string[] _terms = [.. terms];
    private readonly List<(CollectionHit Hit, int[] Counts, int Length)> _found = [];
    private readonly Dictionary<string, long> _documentsWith = new(StringComparer.Ordinal);
    private long _documents;
    private long _allWords;

    /// <summary>
    /// The sum of <see cref="RankFusion.InverseDocumentFrequency"/> over the terms that any document contains, as
    /// <see cref="RankFusion.Fuse"/> takes it.
    /// </summary>
    public double Weight => _documentsWith.Values.Sum(Rarity);

    /// <summary>Counts a document.</summary>
    /// <param name="hit">The document.</param>
    /// <param name="isCandidate">
    /// Whether it is ranked if it contains a term; <see langword="false"/> for one that a filter excludes, which still counts for how rare
    /// words are.
    /// </param>
    public void Add(CollectionHit hit, bool isCandidate)
    {
        int[] counts = new int[_terms.Length];
        int length = 0;
        foreach (string word in KeywordAnalyzer.AnalyzeText(hit.Document.Text))
        {
            length++;
            int which = Array.FindIndex(_terms, term => KeywordAnalyzer.Matches(word, term));
            if (which >= 0)
                counts[which]++;
        }

        _documents++;
        _allWords += length;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
                _documentsWith[_terms[i]] = _documentsWith.GetValueOrDefault(_terms[i]) + 1;
        }

        if (isCandidate && counts.Any(count => count > 0))
            _found.Add((hit, counts, length));
    }

    /// <summary>The best candidates.</summary>
    /// <param name="count">The most to return.</param>
    /// <returns>
    /// The candidates with their <see cref="CollectionHit.Keyword"/> score and rank, best first; equal ones in the order of their keys.
    /// </returns>
    public IReadOnlyList<CollectionHit> Best(int count)
    {
        double average = Math.Max(1, _allWords / Math.Max(1.0, _documents));
        double[] rarity = [.. _terms.Select(term => Rarity(_documentsWith.GetValueOrDefault(term)))];
        return
        [
            .. _found
                .Select(f => (f.Hit, Score: Score(f.Counts, f.Length)))
                .OrderByDescending(f => f.Score)
                .ThenBy(f => f.Hit.Document.Key)
                .Take(count)
                .Select((f, i) => f.Hit with { Keyword = new((float)f.Score, i + 1) }),
        ];

        double Score(int[] counts, int length)
        {
            double score = 0;
            for (int i = 0; i < counts.Length; i++)
                score += rarity[i] * counts[i] * (K1 + 1) / (counts[i] + (K1 * (1 - B + (B * length / average))));
            return score;
        }
    }

    private double Rarity(long documentsWith) => RankFusion.InverseDocumentFrequency(documentsWith, _documents);
}
