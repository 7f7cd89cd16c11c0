using System.Text;
using System.Text.RegularExpressions;

namespace Sextant.Tokenizers.PreTokenizers;

/// <summary>
/// Splits at the matches of a regular expression. .NET's expressions see UTF-16 units, so characters beyond the basic plane are matched
/// through a stand-in of the same general category.
/// </summary>
/// <param name="pattern">Its matches are the delimiters.</param>
/// <param name="invert">Whether the text between the matches is the delimiter instead.</param>
/// <param name="behavior">How to handle delimiters.</param>
internal sealed class RegexPreTokenizer(Regex pattern, bool invert, SplitBehavior behavior) : PreTokenizer
{
    // In the order of UnicodeCategory. None has a case partner that an expression could name.
    private const string StandIns =
        "\uA640\uA641\u01C5\uA015\uA000\u0300\u0903\u20DD\u0660\u2160\u3248\u0020\u2028\u2029\u0001\u2060"
        + "\uFFFD\uE000\u2040\u2E3A\u2985\u2986\u2E02\u2E03\uA673\u2200\u20A0\uA700\u2300\uFFFF";

    /// <summary>Compiles an expression from a model. A timeout limits hostile expressions.</summary>
    /// <exception cref="FormatException">.NET does not support the expression.</exception>
    public static Regex Compile(string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.Compiled, TimeSpan.FromSeconds(10));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"its regular expression '{expression}' cannot be read: {e.Message}", e);
        }
    }

    public override void Split(Piece piece, List<Piece> into)
    {
        ReadOnlySpan<char> text = piece.Span;
        var spans = new List<(int Start, int Length, bool Delimiter)>();
        int from = 0;
        try
        {
            if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            {
                foreach (ValueMatch match in pattern.EnumerateMatches(text))
                {
                    Add(spans, ref from, match.Index, match.Index + match.Length);
                }
            }
            else
            {
                (string shadow, int[] starts) = Shadow(text);
                foreach (ValueMatch match in pattern.EnumerateMatches(shadow))
                {
                    Add(spans, ref from, starts[match.Index], starts[match.Index + match.Length]);
                }
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new SextantException("the tokenizer's regular expression takes too long for this text", e);
        }

        Add(spans, ref from, text.Length, text.Length);
        Splitting.Apply(piece, spans, behavior, into);
    }

    private void Add(List<(int Start, int Length, bool Delimiter)> spans, ref int from, int start, int end)
    {
        if (start > from)
        {
            spans.Add((from, start - from, invert));
        }

        if (end > start)
        {
            spans.Add((start, end - start, !invert));
        }

        from = end;
    }

    private static (string Text, int[] Starts) Shadow(ReadOnlySpan<char> text)
    {
        var shadow = new StringBuilder(text.Length);
        int[] starts = new int[text.Length + 1];
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            starts[shadow.Length] = at;
            shadow.Append(rune.IsBmp ? (char)rune.Value : StandIns[(int)Rune.GetUnicodeCategory(rune)]);
            at += rune.Utf16SequenceLength;
        }

        starts[shadow.Length] = at;
        return (shadow.ToString(), starts);
    }
}
