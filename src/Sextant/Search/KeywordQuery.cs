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

    /// <summary>The words of a query, each once: runs of letters and digits, so none holds a quote.</summary>
    public static IReadOnlyList<string> Words(string text) =>
        [.. All(text).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxWords)];

    /// <summary>
    /// The words of a text in their order, in small letters and without accents: as SQLite's full-text tables compare them, for stores
    /// whose own way with words is another.
    /// </summary>
    public static IEnumerable<string> Folded(string text) => All(WithoutAccents(text).ToLowerInvariant());

    private static IEnumerable<string> All(string text)
    {
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Combining marks belong to the letter before them.
            if (Rune.IsLetterOrDigit(rune) || (word.Length > 0 && IsMark(rune)))
            {
                word.Append(rune);
                continue;
            }

            if (word.Length == 0) continue;
            yield return word.ToString();
            word.Clear();
        }

        if (word.Length > 0) yield return word.ToString();
    }

    // Only the accents of European scripts: in others such marks are vowels.
    private static string WithoutAccents(string text)
    {
        if (Ascii.IsValid(text)) return text;
        // What is no text by the rules of Unicode cannot be normalised; its broken parts are no letters anyway.
        string whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return string.Concat(whole.Normalize(NormalizationForm.FormD).Where(c => c is < '\u0300' or > '\u036f')).Normalize();
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
