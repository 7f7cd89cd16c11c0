using System.Globalization;
using System.Text;

namespace Sextant.Tokenizers.PreTokenizers;

/// <summary>Cuts at characters of one kind.</summary>
internal sealed class RunePreTokenizer(Func<Rune, bool> isDelimiter, SplitBehavior behavior) : PreTokenizer
{
    public override void Split(Piece piece, List<Piece> into)
    {
        var spans = new List<(int Start, int Length, bool Delimiter)>();
        int at = 0,
            from = 0;
        foreach (Rune rune in piece.Span.EnumerateRunes())
        {
            if (isDelimiter(rune))
            {
                if (at > from)
                {
                    spans.Add((from, at - from, false));
                }

                spans.Add((at, rune.Utf16SequenceLength, true));
                from = at + rune.Utf16SequenceLength;
            }

            at += rune.Utf16SequenceLength;
        }

        if (at > from)
        {
            spans.Add((from, at - from, false));
        }

        Splitting.Apply(piece, spans, behavior, into);
    }

    /// <summary>Digits of every script, and other signs that stand for numbers.</summary>
    public static bool IsNumeric(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
