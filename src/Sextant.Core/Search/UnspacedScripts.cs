using System.Text;

namespace Sextant.Search;

/// <summary>
/// Scripts whose words no space separates (Chinese, Japanese, Thai …) or that join endings to words (Korean). Full-text tables take a run
/// of them for one word, so here a run is cut into overlapping pairs of characters, which are searched like words.
/// </summary>
internal static class UnspacedScripts
{
    // The first and last code point of each block, in ascending order.
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x0E00, 0x109F), // Thai, Lao, Tibetan, Myanmar
        (0x1100, 0x11FF), // Hangul
        (0x1780, 0x17FF), // Khmer
        (0x1950, 0x19FF), // Tai Le, New Tai Lue
        (0x1A20, 0x1AAF), // Tai Tham
        (0x2E80, 0x2FDF), // radicals
        (0x3005, 0x3007),
        (0x3021, 0x312F), // Hiragana, Katakana, Bopomofo
        (0x3130, 0x31BF),
        (0x31F0, 0x31FF),
        (0x3400, 0x4DBF),
        (0x4E00, 0xA4CF), // Han, Yi
        (0xA960, 0xA9FF), // Hangul, Javanese, Myanmar
        (0xAA60, 0xAA7F),
        (0xAC00, 0xD7FF), // Hangul
        (0xF900, 0xFAFF),
        (0xFF66, 0xFFDC), // narrow Katakana and Hangul
        (0x1B000, 0x1B16F),
        (0x20000, 0x3FFFF), // Han
    ];

    public static bool Contains(Rune rune)
    {
        if (rune.Value < Blocks[0].First)
            return false;
        foreach ((int first, int last) in Blocks)
        {
            if (rune.Value < first)
                return false;
            if (rune.Value <= last)
                return true;
        }

        return false;
    }

    /// <summary>Whether a text holds a character of these scripts.</summary>
    public static bool AreIn(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange((char)Blocks[0].First, '\uffff') < 0)
            return false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Contains(rune))
                return true;
        }

        return false;
    }

    /// <summary>Whether a query's word is one character of these scripts, which stands for every pair that begins with it.</summary>
    public static bool IsSingle(string word)
    {
        if (!AreIn(word))
            return false;
        using IEnumerator<string> units = Units(word).GetEnumerator();
        return units.MoveNext() && !units.MoveNext();
    }

    /// <summary>
    /// Cuts a run of letters and digits: what belongs to other scripts stays whole, the rest becomes pairs. In a text the last
    /// character comes alone too, because no pair begins with it.
    /// </summary>
    public static IEnumerable<string> Cut(string run, bool isQuery)
    {
        StringBuilder part = new();
        bool isUnspaced = false;
        foreach (Rune rune in run.EnumerateRunes())
        {
            bool belongs = part.Length > 0 && (KeywordAnalyzer.IsMark(rune) || Contains(rune) == isUnspaced);
            if (!belongs && part.Length > 0)
            {
                foreach (string piece in Pieces(part.ToString(), isUnspaced, isQuery))
                    yield return piece;
                part.Clear();
            }

            if (part.Length == 0)
                isUnspaced = Contains(rune);
            part.Append(rune);
        }

        foreach (string piece in Pieces(part.ToString(), isUnspaced, isQuery))
            yield return piece;
    }

    private static IEnumerable<string> Pieces(string part, bool isUnspaced, bool isQuery)
    {
        if (!isUnspaced)
        {
            if (part.Length > 0)
                yield return part;
            yield break;
        }

        string? last = null;
        bool isAlone = true;
        // Narrow and wide forms of a character are the same character.
        foreach (string unit in Units(part.Normalize(NormalizationForm.FormKC)))
        {
            if (last is not null)
            {
                yield return last + unit;
                isAlone = false;
            }

            last = unit;
        }

        if (last is not null && (isAlone || !isQuery))
            yield return last;
    }

    // A vowel or tone mark belongs to the character before it.
    private static IEnumerable<string> Units(string part)
    {
        int start = 0,
            at = 0;
        foreach (Rune rune in part.EnumerateRunes())
        {
            if (at > start && !KeywordAnalyzer.IsMark(rune))
            {
                yield return part[start..at];
                start = at;
            }

            at += rune.Utf16SequenceLength;
        }

        if (at > start)
            yield return part[start..at];
    }
}
