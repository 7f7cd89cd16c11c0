using System.Text.RegularExpressions;
using Sextant.Training.Data;

namespace Sextant.Training.Recipes;

/// <summary>
/// Pairs of sentences that follow each other in a longer text. They say different things about one matter, which is how a model
/// learns what words belong together beyond those that mean the same (Logeswaran and Lee 2018, arXiv:1803.02893).
/// </summary>
internal static partial class AdjacentSentences
{
    private const int ShortestText = 120,
        ShortestSentence = 26,
        LongestSentence = 400;

    /// <summary>The pairs of every different text among the rows, in order.</summary>
    public static IEnumerable<PairRow> Create(IEnumerable<PairRow> rows)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (PairRow row in rows)
        {
            foreach (string text in new[] { row.Anchor, row.Positive })
            {
                if (text.Length >= ShortestText && seen.Add(text))
                {
                    string? before = null;
                    foreach (
                        string sentence in Boundary().Split(text).Where(static s => s.Length is >= ShortestSentence and <= LongestSentence)
                    )
                    {
                        if (before is not null)
                        {
                            yield return new PairRow(before, sentence, [], null, row.Line);
                        }

                        before = sentence;
                    }
                }
            }
        }
    }

    // A blank before a capital letter is enough for prose; a wrong cut costs one poor pair.
    [GeneratedRegex(@"(?<=[.!?])\s+(?=[A-Z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Boundary();
}
