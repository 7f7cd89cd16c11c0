using System.Collections.Frozen;
using System.Text;

namespace Sextant.Umap.Topics;

/// <summary>The short words of several languages.</summary>
internal static class ShortWords
{
    private static readonly Dictionary<string, FrozenSet<string>> Lists = Read();

    private static readonly FrozenSet<string>[] Languages =
    [
        StopWords.English,
        .. ((string[])["de", "fr", "es", "it", "pt", "nl"]).Select(language => Lists[language]),
    ];

    /// <summary>Those of English, which texts in other languages may contain too.</summary>
    public static FrozenSet<string> English { get; } = Lists["en"].Union(StopWords.English).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Articles, possessives, prepositions and numerals, which precede nouns.</summary>
    public static FrozenSet<string> BeforeNouns => Lists["before nouns"];

    /// <summary>Pronouns, auxiliaries and negations, which precede verbs.</summary>
    public static FrozenSet<string> BeforeVerbs => Lists["before verbs"];

    /// <summary>
    /// The short words of the language that a text is probably written in: of English, German, French, Spanish, Italian, Portuguese and
    /// Dutch, the one with the most of its short words in the text.
    /// </summary>
    public static FrozenSet<string> Guess(IEnumerable<string> words)
    {
        string[] lower = [.. words.Select(word => word.ToLowerInvariant())];
        return Languages.MaxBy(stops => lower.Count(stops.Contains))!;
    }

    private static Dictionary<string, FrozenSet<string>> Read()
    {
        using Stream stream = typeof(ShortWords).Assembly.GetManifestResourceStream("Sextant.Umap.short-words.txt")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader
            .ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(": "))
            .ToDictionary(parts => parts[0], parts => parts[1].Split(' ').ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
