using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Sextant.Umap.Topics;

/// <summary>Reads the words of texts.</summary>
internal static class PhraseReader
{
    /// <summary>Longer strings do not count as words.</summary>
    private const int LongestWord = 40;

    /// <summary>Texts are read up to this many words; a name needs no more.</summary>
    private const int MostWords = 2000;

    public static List<PhraseWord> Read(string text)
    {
        List<(string Word, bool StartsSentence, bool StartsPhrase)> words = Split(text);
        FrozenSet<string> stops = ShortWords.Guess(words.Select(word => word.Word));
        return words.ConvertAll(word =>
        {
            string lower = word.Word.ToLowerInvariant();
            bool content =
                lower.Length > 1
                && lower.Length <= LongestWord
                && !stops.Contains(lower)
                && !ShortWords.English.Contains(lower)
                && !lower.All(char.IsDigit);
            string surface = word.StartsSentence && word.Word.Skip(1).All(char.IsLower) ? lower : word.Word;
            return new PhraseWord(Stem(lower), surface, content, word.StartsSentence, word.StartsPhrase);
        });
    }

    /// <summary>The word without "'s" and without the ending of an English plural.</summary>
    public static string Stem(string lower)
    {
        if (lower.EndsWith("'s", StringComparison.Ordinal) || lower.EndsWith("’s", StringComparison.Ordinal))
            lower = lower[..^2];
        if (lower.Length <= 3 || lower[^1] != 's' || lower[^2] is 's' or 'u' or 'i')
            return lower;
        if (lower.Length > 4 && lower.EndsWith("ies", StringComparison.Ordinal))
            return lower[..^3] + "y";
        return
            lower.Length > 4
            && lower[^2] == 'e'
            && (
                lower[^3] is 'x' or 'z'
                || lower[..^2].EndsWith("ss", StringComparison.Ordinal)
                || lower[..^2].EndsWith("sh", StringComparison.Ordinal)
                || lower[..^2].EndsWith("ch", StringComparison.Ordinal)
            )
            ? lower[..^2]
            : lower[..^1];
    }

    private static List<(string Word, bool StartsSentence, bool StartsPhrase)> Split(string text)
    {
        List<(string Word, bool StartsSentence, bool StartsPhrase)> words = [];
        StringBuilder word = new();
        bool sentence = true,
            phrase = true;
        for (int i = 0; i <= text.Length && words.Count < MostWords; i++)
        {
            char c = i < text.Length ? text[i] : '\n';
            bool joins = word.Length > 0 && c is '\'' or '’' or '-' && i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]);
            if (
                char.IsLetterOrDigit(c)
                || char.IsSurrogate(c)
                || joins && word.Length > 0
                || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            )
            {
                if (word.Length <= LongestWord)
                    word.Append(c);
                continue;
            }

            if (word.Length > 0)
            {
                words.Add((word.ToString(), sentence, phrase));
                word.Clear();
                sentence = phrase = false;
            }

            phrase |= c != ' ';
            sentence |= c is '.' or '!' or '?' or '\n' or '。';
        }

        return words;
    }
}
