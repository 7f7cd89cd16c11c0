namespace Sextant.Training.Encoders;

/// <summary>What words of one family have in common: runs of four and five letters, and a crude stem.</summary>
internal static class WordFeatures
{
    // Longest first; what remains must keep three letters.
    private static readonly string[] Endings =
    [
        "ations",
        "ation",
        "ingly",
        "iness",
        "ments",
        "ment",
        "ness",
        "ings",
        "edly",
        "ing",
        "ies",
        "ied",
        "ers",
        "est",
        "ion",
        "ily",
        "ed",
        "es",
        "er",
        "ly",
        "al",
        "s",
        "y",
        "e",
    ];

    /// <summary>The features of one token of a WordPiece vocabulary.</summary>
    /// <param name="token">A word, or a piece that begins with <c>##</c>.</param>
    /// <param name="shortest">The shortest run of letters.</param>
    /// <param name="longest">The longest run of letters; less than <paramref name="shortest"/> for none.</param>
    /// <param name="stems">Whether the stem is a feature.</param>
    public static IEnumerable<string> Describe(string token, int shortest, int longest, bool stems)
    {
        bool continues = token.StartsWith("##", StringComparison.Ordinal);
        if (token.Length < 3 || token[0] == '[')
        {
            yield break;
        }

        // Word boundaries count as letters, so that the start of a word differs from its middle.
        string marked = continues ? token[2..] + ">" : "<" + token + ">";
        for (int length = shortest; length <= longest; length++)
        {
            for (int start = 0; start + length <= marked.Length; start++)
            {
                yield return marked.Substring(start, length);
            }
        }

        if (stems && !continues)
        {
            yield return "=" + Stem(token);
        }
    }

    /// <summary>Takes off one English ending, a final e and a doubled consonant: "running", "runs" and "run" become one.</summary>
    public static string Stem(string word)
    {
        foreach (string ending in Endings)
        {
            if (word.Length - ending.Length >= 3 && word.EndsWith(ending, StringComparison.Ordinal))
            {
                word = word[..^ending.Length];
                break;
            }
        }

        bool doubled = word.Length > 3 && word[^1] == word[^2] && !"aeioulsz".Contains(word[^1], StringComparison.Ordinal);
        return doubled ? word[..^1] : word;
    }
}
