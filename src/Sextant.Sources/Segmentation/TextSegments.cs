using System.Globalization;
using System.Text;

namespace Sextant.Sources.Segmentation;

/// <summary>A stretch of a text, what ends with it, and whether it is code.</summary>
internal readonly record struct TextSegment(int Start, int End, TextBreak Break, bool IsCode = false);

/// <summary>
/// Where a text may be cut. Segments follow each other without gaps: white space belongs to what it follows.
/// </summary>
/// <remarks>
/// A sentence ends with . ! ? … (and the marks and brackets that close it) before white space, with 。！？ and the marks of Hindi, Arabic,
/// Urdu, Amharic, Burmese, Khmer and Tibetan (।؟۔።။។།) anywhere, with white space between words of Thai and Lao,
/// and where a blank line, a heading, an item of a list or a block of code begins. A full stop does not end one after the abbreviations of
/// <see cref="Abbreviations"/>, after a single letter (J. Smith), before a small letter, and before anything but white space
/// (3.14, example.com). That is all: what these rules get wrong costs a cut in an odd place, never text.
/// </remarks>
internal static class TextSegments
{
    /// <summary>The sentences of <paramref name="text"/>; a fenced block of code counts as one.</summary>
    public static IEnumerable<TextSegment> Sentences(string text)
    {
        Fences fences = new(text);
        int start = 0;
        int at = 0;
        while (at < text.Length)
        {
            if (fences.EndOf(at) is { } fence && CanCut(text, at) && CanCut(text, fence))
            {
                if (at > start)
                    yield return new(start, at, TextBreak.Paragraph);
                yield return new(at, fence, TextBreak.Paragraph, IsCode: true);
                start = at = fence;
                continue;
            }

            int end = SentenceEnd(text, ref at);
            if (end < 0)
            {
                at++;
                continue;
            }

            int next = SkipWhiteSpace(text, end);
            if (CanCut(text, next))
            {
                yield return new(start, next, Lines.EndsParagraph(text, end, next) ? TextBreak.Paragraph : TextBreak.None);
                start = next;
            }

            at = next;
        }

        if (start < text.Length)
            yield return new(start, text.Length, TextBreak.Paragraph);
    }

    /// <summary>The words from <paramref name="start"/> to <paramref name="end"/>, each with the white space after it.</summary>
    public static IEnumerable<TextSegment> Words(string text, int start, int end)
    {
        int at = start;
        while (at < end)
        {
            int next = at;
            while (next < end && char.IsWhiteSpace(text[next]))
                next++;
            do
            {
                while (next < end && !IsWordBreak(text[next]))
                    next++;
                while (next < end && IsWordBreak(text[next]))
                    next++;
            } while (next < end && !CanCut(text, next));
            yield return new(at, next, TextBreak.None);
            at = next;
        }
    }

    /// <summary>
    /// The end of the whole characters from <paramref name="start"/> up to <paramref name="end"/>; at least one character. Syllables of
    /// Thai, Lao, Khmer and Burmese count as one.
    /// </summary>
    public static int CharactersWithin(string text, int start, long end)
    {
        int at = start;
        do
        {
            int length = UnspacedText.SyllableLength(text, at);
            if (at > start && at + length > end)
                break;
            at += length;
        } while (at < text.Length && at < end);
        return at;
    }

    /// <summary>
    /// The position after what ends a sentence at <paramref name="at"/>, which moves to the last full stop of several, or -1.
    /// </summary>
    private static int SentenceEnd(string text, ref int at)
    {
        char c = text[at];
        if (c == '\n' && Lines.BreaksAt(text, at))
            return at;
        if (UnspacedText.EndsSentence(text, at))
            return at;
        if (c is '。' or '！' or '？' or '｡' or '।' or '॥' or '؟' or '۔' or '።' or '፧' or '။' or '។' or '៕' or '།')
            return Close(text, at + 1);
        if (c is not ('.' or '!' or '?' or '…'))
            return -1;

        int end = at + 1;
        while (end < text.Length && text[end] is '.' or '!' or '?' or '…')
            end++;
        bool stop = c == '.' && end == at + 1;
        at = end - 1;
        end = Close(text, end);
        if (end < text.Length && !char.IsWhiteSpace(text[end]))
            return -1;

        int next = SkipWhiteSpace(text, end);
        bool goesOn = text[at] is '.' or '…' && next < text.Length && char.IsLower(text[next]);
        return goesOn || (stop && Abbreviations.EndsWithOne(text, at, next)) ? -1 : end;
    }

    private static bool IsWordBreak(char c) => char.IsWhiteSpace(c) || c == UnspacedText.ZeroWidthSpace;

    private static int Close(string text, int at)
    {
        while (at < text.Length && text[at] is '"' or '\'' or ')' or ']' or '”' or '’' or '»' or '」' or '』' or '）')
            at++;
        return at;
    }

    private static int SkipWhiteSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    /// <summary>
    /// Whether the text may be cut before the character at <paramref name="at"/>: a mark or modifier belongs to the preceding character.
    /// </summary>
    internal static bool CanCut(string text, int at)
    {
        if (at >= text.Length || char.IsAscii(text[at]))
            return true;
        if (Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out _) != System.Buffers.OperationStatus.Done)
            return true;
        return Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierSymbol
            );
    }
}
