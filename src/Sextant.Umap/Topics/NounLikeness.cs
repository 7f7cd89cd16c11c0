namespace Sextant.Umap.Topics;

/// <summary>
/// Which words of texts are probably nouns, from the words around them: "the refund" and "of sugar" speak for a noun, "to chop" and "you
/// chop" against it, as does "Chop the onions" at the start of a sentence. No grammar of a language is needed, only its short words.
/// </summary>
internal sealed class NounLikeness
{
    private readonly Dictionary<string, Uses> _counts = new(StringComparer.Ordinal);

    public NounLikeness(IEnumerable<IReadOnlyList<PhraseWord>> texts)
    {
        foreach (IReadOnlyList<PhraseWord> words in texts)
        {
            for (int i = 0; i < words.Count; i++)
            {
                if (words[i].IsContent)
                    Count(words, i);
            }
        }
    }

    /// <summary>Whether a word may end a phrase: it is rather a noun than a verb, and other content words seldom follow it.</summary>
    public bool IsHead(string stem) => _counts.TryGetValue(stem, out Uses n) && Likeness(n) >= 0.5 && n.Modifier <= 2 * n.Head;

    /// <summary>Whether a word may begin a phrase.</summary>
    public bool IsModifier(string stem) => _counts.TryGetValue(stem, out Uses n) && Likeness(n) >= 0.5;

    /// <summary>From 0 (a verb) to 1 (a noun).</summary>
    public double Likeness(string stem) => _counts.TryGetValue(stem, out Uses n) ? Likeness(n) : 0.5;

    private static double Likeness(Uses n) => (n.For + 1.0) / (n.For + n.Against + 2);

    private void Count(IReadOnlyList<PhraseWord> words, int i)
    {
        Uses n = _counts.GetValueOrDefault(words[i].Stem);
        string? before = words[i].StartsPhrase ? null : words[i - 1].Surface.ToLowerInvariant(),
            after = i + 1 < words.Count && !words[i + 1].StartsPhrase ? words[i + 1].Surface.ToLowerInvariant() : null;
        // The word before an adjective decides for the noun after it.
        if (before is not null && words[i - 1].IsContent && i > 1 && !words[i - 1].StartsPhrase)
            before = words[i - 2].Surface.ToLowerInvariant();
        bool imperative = words[i].StartsSentence && after is not null && ShortWords.BeforeNouns.Contains(after);
        if (before is not null && ShortWords.BeforeNouns.Contains(before))
            n.For++;
        else if (imperative || (before is not null && ShortWords.BeforeVerbs.Contains(before)))
            n.Against++;
        if (HasVerbEnding(words[i].Stem))
            n.Against++;
        if (after is not null && words[i + 1].IsContent)
            n.Modifier++;
        else
            n.Head++;
        _counts[words[i].Stem] = n;
    }

    /// <summary>
    /// Whether a word ends like an English adverb or a form of a verb: "slowly", "baking", "copied", but not "speed" or "bed".
    /// </summary>
    private static bool HasVerbEnding(string stem) =>
        stem.EndsWith("ly", StringComparison.Ordinal)
        || stem.EndsWith("ing", StringComparison.Ordinal)
        || (stem.Length > 5 && stem.EndsWith("ed", StringComparison.Ordinal) && !stem.EndsWith("eed", StringComparison.Ordinal));

    /// <summary>How often a word is used like a noun, like a verb, at the end of a phrase, and before another word of content.</summary>
    private record struct Uses(int For, int Against, int Head, int Modifier);
}
