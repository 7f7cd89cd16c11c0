using System.Globalization;
using System.Text;

namespace Sextant.Search;

/// <summary>
/// Splits texts and queries into the words that a keyword search compares, for stores without a full-text index: runs of letters and
/// digits and, in scripts without spaces such as Chinese, Japanese and Thai, pairs of characters.
/// </summary>
public static class KeywordAnalyzer
{
    /// <summary>More words than this make a text, not a query, and cost time for each.</summary>
    private const int MaxWords = 64;

    /// <summary>
    /// The query for some words. Each is quoted, so nothing in it is taken for FTS5's own syntax (AND, NEAR, *, column filters).
    /// </summary>
    internal static string AnyOf(IEnumerable<string> words) =>
        string.Join(" OR ", words.Select(word => UnspacedScripts.IsSingle(word) ? $"\"{word}\"*" : $"\"{word}\""));

    /// <summary>The words of a query as typed, each once and at most 64. None contains a quote or white space.</summary>
    /// <param name="text">What the user typed.</param>
    public static IReadOnlyList<string> ParseQuery(string text) =>
        [.. Cut(text, isQuery: true).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxWords)];

    /// <summary>
    /// The words of a document in their order, in lower case and without accents, as SQLite's full-text tables compare them.
    /// </summary>
    /// <param name="text">The text of the document.</param>
    public static IEnumerable<string> AnalyzeText(string text) => Cut(Fold(text), isQuery: false);

    /// <summary>The terms of a query, comparable with the words that <see cref="AnalyzeText"/> returns.</summary>
    /// <param name="words">Words that <see cref="ParseQuery"/> returned.</param>
    public static IEnumerable<string> AnalyzeQuery(IEnumerable<string> words) =>
        words.SelectMany(word => Cut(Fold(word), isQuery: true)).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Whether a word of a document matches a term of a query: equal, or, for an <see cref="IsPrefixTerm"/>, beginning with it.
    /// </summary>
    /// <param name="word">A word that <see cref="AnalyzeText"/> returned.</param>
    /// <param name="term">A term that <see cref="AnalyzeQuery"/> returned.</param>
    public static bool Matches(string word, string term) =>
        (word ?? throw new ArgumentNullException(nameof(word))).Length == (term ?? throw new ArgumentNullException(nameof(term))).Length
            ? word == term
            : word.StartsWith(term, StringComparison.Ordinal) && IsPrefixTerm(term);

    /// <summary>Whether a term is a single character of a script without spaces, which matches every pair that begins with it.</summary>
    /// <param name="term">A term that <see cref="AnalyzeQuery"/> returned.</param>
    public static bool IsPrefixTerm(string term) => UnspacedScripts.IsSingle(term);

    /// <summary>The runs of a text that hold characters of unspaced scripts, cut and folded; empty if the text has none.</summary>
    internal static IEnumerable<string> Unspaced(string text) =>
        UnspacedScripts.AreIn(text)
            ? Runs(Fold(text)).Where(UnspacedScripts.AreIn).SelectMany(run => UnspacedScripts.Cut(run, isQuery: false))
            : [];

    /// <summary>Whether a character belongs to the letter before it.</summary>
    internal static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static IEnumerable<string> Cut(string text, bool isQuery) =>
        UnspacedScripts.AreIn(text)
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

            if (word.Length == 0)
                continue;
            yield return word.ToString();
            word.Clear();
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    // As SQLite's tokenizer unicode61 has it: "m²" and "Ⅷ" are words.
    private static bool IsPartOfWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    // Only the accents of European scripts: in others such marks are vowels.
    private static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        // Invalid Unicode cannot be normalized; its broken parts are not letters anyway.
        string whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return string.Concat(whole.Normalize(NormalizationForm.FormD).Where(c => c is < '\u0300' or > '\u036f'))
            .Normalize()
            // Of a letter with several small forms, as the Greek sigma at the end of a word, they become one.
            .ToUpperInvariant()
            .ToLowerInvariant();
    }
}
