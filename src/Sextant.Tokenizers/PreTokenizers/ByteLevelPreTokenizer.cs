using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Sextant.Tokenizers.PreTokenizers;

/// <summary>
/// GPT-2's method: splits words with its regular expression, then maps every byte of their UTF-8 to a printable character, so that a
/// vocabulary of 256 characters can represent any text.
/// </summary>
internal sealed partial class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly char[] Signs = BuildSigns();

    private readonly RegexPreTokenizer _words = new(Words(), invert: false, SplitBehavior.Isolated);

    public override void Split(Piece piece, List<Piece> into)
    {
        if (addPrefixSpace && piece.Length > 0 && piece.Span[0] != ' ')
        {
            piece = piece.WithText(" " + piece.Span.ToString());
        }

        int first = into.Count;
        if (useRegex)
        {
            _words.Split(piece, into);
        }
        else if (piece.Length > 0)
        {
            into.Add(piece);
        }

        for (int i = first; i < into.Count; i++)
        {
            into[i] = into[i].WithText(ToSigns(into[i].Span));
        }
    }

    /// <summary>The sign that stands for each byte.</summary>
    public static ReadOnlySpan<char> ByteSigns => Signs;

    private static string ToSigns(ReadOnlySpan<char> text)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int count = Encoding.UTF8.GetBytes(text, bytes);
        string signs = string.Create(
            count,
            bytes,
            static (into, from) =>
            {
                for (int i = 0; i < into.Length; i++)
                {
                    into[i] = Signs[from[i]];
                }
            }
        );
        ArrayPool<byte>.Shared.Return(bytes);
        return signs;
    }

    /// <summary>Bytes that print stand for themselves; the others, in order, for the characters from U+0100 on.</summary>
    private static char[] BuildSigns()
    {
        char[] signs = new char[256];
        char next = '\u0100';
        for (int b = 0; b < signs.Length; b++)
        {
            signs[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)b : next++;
        }

        return signs;
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Words();
}
