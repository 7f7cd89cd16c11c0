using System.Globalization;
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
    public static string AnyOf(IEnumerable<string> words) =>
        string.Join(" OR ", words.Select(word => UnspacedScripts.IsSingle(word) ? $"\"{word}\"*" : $"\"{word}\""));

    /// <summary>
    /// The words of a query, each once: runs of letters and digits, so none holds a quote. Where a script has no spaces, pairs of
    /// characters.
    /// </summary>
    public static IReadOnlyList<string> Words(string text) =>
        [.. Cut(text, isQuery: true).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxWords)];

    /// <summary>
    /// The words of a text in their order, in small letters and without accents: as SQLite's full-text tables compare them, for stores
    /// whose own way with words is another.
    /// </summary>
    public static IEnumerable<string> Folded(string text) => Cut(Fold(text), isQuery: false);

    /// <summary>The words of a query as <see cref="Folded"/> gives those of texts.</summary>
    public static IEnumerable<string> Terms(IEnumerable<string> words) =>
        words.SelectMany(word => Cut(Fold(word), isQuery: true)).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Whether a word of a text is the word of a query, or begins with it where the query's is a single character of an unspaced script.
    /// </summary>
    public static bool Matches(string word, string term) =>
        word.Length == term.Length ? word == term : word.StartsWith(term, StringComparison.Ordinal) && UnspacedScripts.IsSingle(term);

    /// <summary>The runs of a text that hold characters of unspaced scripts, cut and folded; empty if there are no such runs.</summary>
    public static IEnumerable<string> Unspaced(string text) => UnspacedScripts.AreIn(text)
        ? Runs(Fold(text)).Where(UnspacedScripts.AreIn).SelectMany(run => UnspacedScripts.Cut(run, isQuery: false))
        : [];

    /// <summary>Whether a character belongs to the letter before it.</summary>
    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static IEnumerable<string> Cut(string text, bool isQuery) => UnspacedScripts.AreIn(text)
        ? Runs(text).SelectMany(run => UnspacedScripts.AreIn(run) ? UnspacedScripts.Cut(run, isQuery) : [run])
        : Runs(text);

    private static IEnumerable<string> Runs(string text)
    {
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsPartOfWord(rune) || (word.Length > 0 && IsMark(rune)))
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

    // As SQLite's tokenizer unicode61 has it: "m²" and "Ⅷ" are words.
    private static bool IsPartOfWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    // Only the accents of European scripts: in others such marks are vowels.
    private static string Fold(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        // Invalid Unicode cannot be normalized; its broken parts are not letters anyway.
        string whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return string.Concat(whole.Normalize(NormalizationForm.FormD).Where(c => c is < '\u0300' or > '\u036f')).Normalize()
            // Of a letter with several small forms, as the Greek sigma at the end of a word, they become one.
            .ToUpperInvariant().ToLowerInvariant();
    }
}
