using System.Globalization;
using Sextant.Tokenizers;

namespace Sextant.Embedding.Pipeline;

/// <summary>Truncates texts to a number of tokens with a tokenizer that can only count.</summary>
internal static class TokenFit
{
    // A longer run without white space is not a word, and counting it for every piece would take quadratic time.
    private const int MaxWord = 256;

    /// <summary>
    /// Whether any text of this many UTF-16 units has at most <paramref name="maxTokens"/>, so that counting is unnecessary.
    /// </summary>
    public static bool FitsSurely(long length, int maxTokens) => length * ITokenCounter.MaxTokensPerChar <= maxTokens;

    /// <summary>
    /// How many UTF-16 units of <paramref name="text"/> fit into <paramref name="maxTokens"/>: the longest prefix, found by doubling
    /// and halving, moved back to the end of a word, or of a character where it is all one word, and on to the end of each further word
    /// that fits after all. At least one character, so that a text that is cut again and again comes to an end.
    /// </summary>
    public static int PrefixLength(ITokenCounter counter, ReadOnlySpan<char> text, int maxTokens)
    {
        int fits = 0,
            over = text.Length + 1;
        // Most prefixes have about four characters a token, so the first guess is near. While guesses fit they are doubled rather than
        // set half-way to the end: the text may be a thousand times longer than the piece.
        long guess = Math.Min(text.Length, 4L * maxTokens);
        while (over - fits > 1)
        {
            if (counter.Count(text[..(int)guess]) <= maxTokens)
            {
                fits = (int)guess;
            }
            else
            {
                over = (int)guess;
            }

            guess = over > text.Length ? Math.Min(2L * fits, text.Length) : fits + ((over - fits) / 2);
        }

        return fits == text.Length ? fits : ExtendByWords(counter, text, BackToBoundary(text, fits), maxTokens);
    }

    /// <summary>Takes a text apart into pieces that fit, white space between them left out. Nothing else is lost.</summary>
    public static IEnumerable<string> Split(ITokenCounter counter, string text, int maxTokens)
    {
        int start = 0;
        while (start < text.Length)
        {
            int length = PrefixLength(counter, text.AsSpan(start), maxTokens);
            string piece = text.Substring(start, length).Trim();
            start += length;
            if (piece.Length > 0)
            {
                yield return piece;
            }
        }
    }

    // Halving takes counts to grow with the text, but half of a word can have more tokens than the whole word.
    private static int ExtendByWords(ITokenCounter counter, ReadOnlySpan<char> text, int length, int maxTokens)
    {
        while (NextWordEnd(text, length) is { } next && counter.Count(text[..next]) <= maxTokens)
        {
            length = next;
        }

        return length;
    }

    private static int? NextWordEnd(ReadOnlySpan<char> text, int start)
    {
        int end = start,
            most = Math.Min(text.Length, start + MaxWord);
        while (end < most && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        while (end < most && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end > start && (end == text.Length || char.IsWhiteSpace(text[end])) ? end : null;
    }

    private static int BackToBoundary(ReadOnlySpan<char> text, int length)
    {
        for (int end = length; end > length / 2; end--)
        {
            if (char.IsWhiteSpace(text[end]))
            {
                return end;
            }
        }

        // No gap in reach: end with a whole character, as people count them.
        int boundary = 0;
        while (boundary < length && boundary + StringInfo.GetNextTextElementLength(text[boundary..]) is int next && next <= length)
        {
            boundary = next;
        }

        return Math.Max(boundary, StringInfo.GetNextTextElementLength(text));
    }
}
