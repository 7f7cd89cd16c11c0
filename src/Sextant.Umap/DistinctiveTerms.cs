using System.Text;

namespace Sextant.Umap;

/// <summary>
/// Describes each group of texts in a few words: the terms that are frequent in it and rare in the others (class-based TF-IDF,
/// Grootendorst 2022, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", equation 2).
/// </summary>
/// <remarks>
/// A term's weight in a group is its share of the group's words times log(1 + A / f), A being the mean number of words of a group and f how
/// often the term occurs in all. Words are runs of letters and digits, compared without case; the commonest English words, single
/// letters and bare numbers are left out, as are words that occur in only one text of a group, unless the group has no other words.
/// </remarks>
public static class DistinctiveTerms
{
    /// <summary>Longer strings do not count as words.</summary>
    private const int LongestWord = 40;

    /// <summary>Texts are read up to this many words; a label needs no more.</summary>
    private const int MostWordsOfText = 2000;

    /// <summary>Finds the terms of each group, the most distinctive first.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="groups">For each text the number of its group, from 0; a text with a negative number belongs to none.</param>
    /// <param name="count">How many terms each group gets at most.</param>
    /// <returns>For each group, up to the greatest number, its terms; none for a group without words.</returns>
    /// <exception cref="ArgumentException">There are more of one than of the other.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IReadOnlyList<string> texts, IReadOnlyList<int> groups, int count = 3)
    {
        TextGroups.Require(texts, groups, count);
        if (texts.Count == 0)
            return [];

        int groupCount = groups.Max() + 1;
        var terms = new Dictionary<string, (int Words, int Texts)>[Math.Max(0, groupCount)];
        Dictionary<string, int> everywhere = new(StringComparer.Ordinal);
        for (int group = 0; group < groupCount; group++)
            terms[group] = new(StringComparer.Ordinal);
        long words = 0;
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < texts.Count; i++)
        {
            if (groups[i] < 0)
                continue;
            seen.Clear();
            foreach (string word in Words(texts[i]))
            {
                (int occurrences, int inTexts) = terms[groups[i]].GetValueOrDefault(word);
                terms[groups[i]][word] = (occurrences + 1, inTexts + (seen.Add(word) ? 1 : 0));
                everywhere[word] = everywhere.GetValueOrDefault(word) + 1;
                words++;
            }
        }

        double mean = (double)words / Math.Max(1, groupCount);
        return [.. terms.Select(own => Best(own, everywhere, mean, count))];
    }

    private static string[] Best(Dictionary<string, (int Words, int Texts)> own, Dictionary<string, int> everywhere, double mean, int count)
    {
        // All weights of a group share its number of words, which changes no order and is left out.
        string[] best =
        [
            .. own.OrderByDescending(t => t.Value.Texts > 1)
                .ThenByDescending(t => t.Value.Words * Math.Log(1 + (mean / everywhere[t.Key])))
                .ThenBy(t => t.Key, StringComparer.Ordinal)
                .Take(count)
                .Select(t => t.Key),
        ];
        return best;
    }

    private static IEnumerable<string> Words(string text)
    {
        StringBuilder word = new();
        int found = 0;
        for (int i = 0; i <= text.Length && found < MostWordsOfText; i++)
        {
            char c = i < text.Length ? text[i] : ' ';
            if (
                char.IsLetterOrDigit(c)
                || (c is '\'' or '’' && word.Length > 0)
                || char.IsSurrogate(c)
                || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark
            )
            {
                if (word.Length <= LongestWord)
                    word.Append(char.ToLowerInvariant(c));
                continue;
            }

            if (word.Length == 0)
                continue;
            string one = word.ToString().TrimEnd('\'', '’');
            word.Clear();
            if (one.Length is < 2 or > LongestWord || one.All(char.IsDigit) || StopWords.English.Contains(one))
                continue;
            found++;
            yield return one;
        }
    }
}
