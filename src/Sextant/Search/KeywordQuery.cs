using System.Text;

namespace Sextant.Search;

/// <summary>
/// Makes a full-text query of what a user typed: its words, any of which may match. Each is quoted, so nothing in it
/// is taken for FTS5's own syntax (AND, NEAR, *, column filters).
/// </summary>
internal static class KeywordQuery
{
    /// <summary>More words than this make a text, not a query, and cost time for each.</summary>
    private const int MaxWords = 64;

    /// <summary>The query, or <see langword="null"/> when the text holds no word.</summary>
    public static string? FromText(string text)
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
        return words.Count == 0 ? null : string.Join(" OR ", words.Take(MaxWords).Select(w => $"\"{w}\""));

        void Take()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
