using System.Text;

namespace Sextant.Search;

/// <summary>Makes a full-text query of what a user typed: its words, any of which may match.</summary>
internal static class KeywordQuery
{
    /// <summary>More words than this make a text, not a query, and cost time for each.</summary>
    private const int MaxWords = 64;

    /// <summary>
    /// The query for some words. Each is quoted, so nothing in it is taken for FTS5's own syntax (AND, NEAR, *, column filters).
    /// </summary>
    public static string AnyOf(IEnumerable<string> words) => string.Join(" OR ", words.Select(word => $"\"{word}\""));

    /// <summary>The words of a text, each once: runs of letters and digits, so none holds a quote.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        HashSet<string> words = new(StringComparer.OrdinalIgnoreCase);
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Combining marks belong to the letter before them.
            if (Rune.IsLetterOrDigit(rune) || (word.Length > 0 && IsMark(rune)))
            {
                word.Append(rune);
                continue;
            }

            Take();
        }

        Take();
        return [.. words.Take(MaxWords)];

        void Take()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
