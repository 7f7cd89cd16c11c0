using Sextant.Training.Data;
using Sextant.Training.Numerics;

namespace Sextant.Training.Recipes;

/// <summary>
/// Pairs of random samples of the words of one text; each sample contains each word with probability one half. Finding the other sample
/// among a thousand teaches which words distinguish texts, especially names and numbers, which paraphrases alone do not teach (after Giorgi
/// et al. 2021, arXiv:2006.03659, with words for spans).
/// </summary>
internal static class WordSamples
{
    private const int FewestWords = 9,
        MostWords = 40,
        FewestKept = 4;

    /// <summary>The pairs of every different text among the rows, in order; two of a text longer than is looked at once.</summary>
    /// <param name="rows">The rows of the texts.</param>
    /// <param name="random">Decides which words.</param>
    public static IEnumerable<PairRow> Create(IEnumerable<PairRow> rows, SeededRandom random)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (PairRow row in rows)
        {
            foreach (string text in new[] { row.Anchor, row.Positive })
            {
                string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length < FewestWords || !seen.Add(text))
                {
                    continue;
                }

                for (int drawn = 0; drawn < (words.Length > MostWords ? 2 : 1); drawn++)
                {
                    int start = random.Next(Math.Max(1, words.Length - MostWords + 1));
                    ArraySegment<string> part = new(words, start, Math.Min(MostWords, words.Length));
                    List<string> first = Half(part, ref random),
                        second = Half(part, ref random);
                    if (first.Count >= FewestKept && second.Count >= FewestKept)
                    {
                        yield return new PairRow(string.Join(' ', first), string.Join(' ', second), [], null, row.Line);
                    }
                }
            }
        }
    }

    private static List<string> Half(ArraySegment<string> words, ref SeededRandom random)
    {
        var half = new List<string>(words.Count);
        foreach (string word in words)
        {
            if (random.NextSingle() < 0.5f)
            {
                half.Add(word);
            }
        }

        return half;
    }
}
