namespace Sextant.Umap.Topics;

/// <summary>
/// Describes each group of texts by phrases of one to three words that are frequent in it and rare in the others: class-based TF-IDF
/// (Grootendorst 2022, equation 2) over phrases that look like nouns.
/// </summary>
/// <remarks>
/// A phrase has no stop words, ends with a word that is used as a noun, and counts once for each text. Plurals count as their singular; the
/// form that occurs most often is returned.
/// </remarks>
public static class KeyPhrases
{
    private const int LongestPhrase = 3;
    private const double PerWord = 0.35;
    private const double OnceWord = 0.4;
    private const double OncePhrase = 0.05;

    /// <summary>Finds the phrases of each group, the most distinctive first.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="groups">For each text the number of its group, from 0; a text with a negative number belongs to none.</param>
    /// <param name="count">How many phrases each group gets at most.</param>
    /// <returns>For each group, up to the greatest number, its phrases.</returns>
    /// <exception cref="ArgumentException">There are more of one than of the other.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IReadOnlyList<string> texts, IReadOnlyList<int> groups, int count = 3)
    {
        TextGroups.Require(texts, groups, count);
        return [.. Rank(texts, groups, count).Select(ranked => ranked.ConvertAll(phrase => phrase.Text))];
    }

    /// <summary>The phrases of each group with their weights; none is a part of a better one.</summary>
    internal static List<(string Text, double Weight)>[] Rank(IReadOnlyList<string> texts, IReadOnlyList<int> groups, int count)
    {
        int groupCount = texts.Count == 0 ? 0 : Math.Max(0, groups.Max() + 1);
        List<PhraseWord>[] words = [.. texts.Select(PhraseReader.Read)];
        NounLikeness nouns = new(words);
        PhraseCounts counts = new(groupCount);
        for (int i = 0; i < words.Length; i++)
        {
            if (groups[i] >= 0)
                counts.Add(groups[i], Phrases(words[i], nouns));
        }

        return [.. Enumerable.Range(0, groupCount).Select(group => Choose(counts, nouns, group, count))];
    }

    private static IEnumerable<(string Key, string Surface)> Phrases(List<PhraseWord> words, NounLikeness nouns)
    {
        for (int end = 0; end < words.Count; end++)
        {
            if (!words[end].IsContent || !nouns.IsHead(words[end].Stem))
                continue;
            string key = "",
                surface = "";
            for (int length = 1; length <= LongestPhrase && end - length + 1 >= 0; length++)
            {
                PhraseWord word = words[end - length + 1];
                if (!word.IsContent || (length > 1 && (words[end - length + 2].StartsPhrase || !nouns.IsModifier(word.Stem))))
                    break;
                key = length == 1 ? word.Stem : $"{word.Stem} {key}";
                surface = length == 1 ? word.Surface : $"{word.Surface} {surface}";
                yield return (key, surface);
            }
        }
    }

    private static List<(string Text, double Weight)> Choose(PhraseCounts counts, NounLikeness nouns, int group, int count)
    {
        List<(string Text, double Weight)> chosen = [];
        List<string> keys = [];
        foreach (
            (string key, double weight) in counts
                .Of(group)
                .Select(phrase => (phrase.Key, Weight(phrase.Key, phrase.Texts)))
                .OrderByDescending(phrase => phrase.Item2)
                .ThenBy(phrase => phrase.Key, StringComparer.Ordinal)
        )
        {
            if (chosen.Count == count)
                break;
            if (keys.Exists(other => Shares(other, key)))
                continue;
            keys.Add(key);
            chosen.Add((counts.Surface(key), weight));
        }

        return chosen;

        double Weight(string key, int texts)
        {
            string[] parts = key.Split(' ');
            // What occurs in a single text describes the text rather than the group, a phrase more so than a word.
            double once =
                texts > 1 ? 1
                : parts.Length == 1 ? OnceWord
                : OncePhrase;
            return once
                * texts
                * Math.Log(1 + (counts.MeanTexts / counts.Everywhere(key)))
                * (1 + (PerWord * (parts.Length - 1)))
                * parts.Average(nouns.Likeness);
        }
    }

    private static bool Shares(string a, string b) => a.Split(' ').Intersect(b.Split(' '), StringComparer.Ordinal).Any();
}
