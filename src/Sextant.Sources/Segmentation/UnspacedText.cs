using System.Globalization;

namespace Sextant.Sources.Segmentation;

/// <summary>
/// Where Thai, Lao, Khmer and Burmese may be cut. They write no space between words; Thai and Lao end a sentence or clause with one. A
/// dictionary would be needed to find words, so a phrase that is too long is cut between syllables.
/// </summary>
internal static class UnspacedText
{
    // More joined characters than any syllable has; hostile text must not become one endless character.
    private const int MaxJoined = 12;

    /// <summary>A break between words that is not visible: web pages in these languages contain it.</summary>
    public const char ZeroWidthSpace = '\u200B';

    /// <summary>Whether white space begins at <paramref name="at"/> that ends a sentence of Thai or Lao.</summary>
    /// <remarks>
    /// It does between two words. Next to a digit or Latin letter it only sets off a number or name, and before a repetition or
    /// abbreviation mark it belongs to the word.
    /// </remarks>
    public static bool EndsSentence(string text, int at)
    {
        if (at == 0 || !char.IsWhiteSpace(text[at]) || !IsThaiOrLaoLetter(text[at - 1]) || IsWordSign(text[at - 1]))
            return false;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at < text.Length && IsThaiOrLaoLetter(text[at]) && !IsWordSign(text[at]);
    }

    /// <summary>The length of the syllable at <paramref name="at"/>, as far as its letters show it; at least one character.</summary>
    public static int SyllableLength(string text, int at)
    {
        int end = at;
        int joined = 0;
        do
        {
            end += StringInfo.GetNextTextElementLength(text.AsSpan(end));
        } while (end < text.Length && joined++ < MaxJoined && Joins(text, end));
        return end - at;
    }

    // A vowel before its consonant, a stacked consonant, a vowel after its consonant, a sign of the word, a silent consonant.
    private static bool Joins(string text, int at) =>
        text[at - 1] is (>= '\u0E40' and <= '\u0E44') or (>= '\u0EC0' and <= '\u0EC4') or '\u17D2' or '\u1039'
        || text[at] is '\u0E30' or '\u0E32' or '\u0E33' or '\u0E45' or '\u0EB0' or '\u0EB2' or '\u0EB3' or '\u0EBD'
        || IsWordSign(text[at])
        || (at + 1 < text.Length && text[at + 1] is '\u0E4C' or '\u0ECC' && IsThaiOrLaoLetter(text[at]));

    private static bool IsWordSign(char c) => c is '\u0E2F' or '\u0E46' or '\u0EAF' or '\u0EC6' or '\u17D7';

    private static bool IsThaiOrLaoLetter(char c) =>
        c is >= '\u0E01' and <= '\u0EDF' && !char.IsDigit(c) && char.GetUnicodeCategory(c) != UnicodeCategory.CurrencySymbol;
}
