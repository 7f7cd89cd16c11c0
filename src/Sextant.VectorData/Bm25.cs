using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.VectorData;

/// <summary>
/// Ranks documents by the words of a query: Okapi BM25 with the constants of SQLite's full-text tables.
/// (Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009.)
/// </summary>
internal sealed class Bm25(string[] words)
{
    private const double K1 = 1.2,
        B = 0.75;

    private readonly List<(CollectionHit Hit, int[] Counts, int Length)> _found = [];
    private readonly long[] _documentsWith = new long[words.Length];
    private long _documents;
    private long _allWords;

    /// <summary>Counts a document in, and ranks it when it is <paramref name="wanted"/> and holds a word of the query.</summary>
    public void Add(CollectionHit hit, bool wanted)
    {
        int[] counts = new int[words.Length];
        int length = 0;
        foreach (string word in KeywordAnalyzer.AnalyzeText(hit.Document.Text))
        {
            length++;
            int which = Array.FindIndex(words, term => KeywordAnalyzer.Matches(word, term));
            if (which >= 0)
                counts[which]++;
        }

        _documents++;
        _allWords += length;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
                _documentsWith[i]++;
        }

        if (wanted && counts.Any(count => count > 0))
            _found.Add((hit, counts, length));
    }

    /// <summary>The sum of the rarities of the words that any document holds.</summary>
    public double Weight => _documentsWith.Where(with => with > 0).Sum(with => RankFusion.InverseDocumentFrequency(with, _documents));

    public List<CollectionHit> Best(int count)
    {
        double average = Math.Max(1, _allWords / Math.Max(1.0, _documents));
        // Kept above zero: a word in most documents still distinguishes those without it.
        double[] rarity = [.. _documentsWith.Select(with => RankFusion.InverseDocumentFrequency(with, _documents))];
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
}
