using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sextant.Tokenizers;

/// <summary>A token that is found in a text before the model sees it, such as <c>&lt;mask&gt;</c>.</summary>
/// <param name="Content">The text of the token.</param>
/// <param name="Id">Its id.</param>
internal sealed record AddedToken(string Content, int Id)
{
    /// <summary>Whether it counts only where no letter or digit touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it takes the white space before it along.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the white space after it along.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is matched in the normalized text instead of the original one.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether <see cref="Content"/> is the normalized form instead of the text that a user writes.</summary>
    public bool IsNormalForm { get; init; }
}

/// <summary>Finds added tokens in a text: at each place the longest, from left to right.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly SearchValues<char> _firsts;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _byFirst = tokens
            .Where(static token => token.Content.Length > 0)
            .GroupBy(static token => token.Content[0])
            .ToDictionary(static group => group.Key, static group => group.OrderByDescending(token => token.Content.Length).ToArray());
        _firsts = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>
    /// Calls <paramref name="found"/> for every part of <paramref name="text"/>: a token, or the text between two tokens.
    /// </summary>
    public void Split(string text, Action<int, int, AddedToken?> found)
    {
        int from = 0;
        for (int at = 0; at < text.Length; )
        {
            int skip = text.AsSpan(at).IndexOfAny(_firsts);
            if (skip < 0)
            {
                break;
            }

            at += skip;
            AddedToken? token = Array.Find(_byFirst[text[at]], t => text.AsSpan(at).StartsWith(t.Content, StringComparison.Ordinal));
            if (token is null || (token.SingleWord && !StandsAlone(text, at, at + token.Content.Length)))
            {
                at += token?.Content.Length ?? 1;
                continue;
            }

            int start = at,
                end = at + token.Content.Length;
            while (token.StripsLeft && start > from && char.IsWhiteSpace(text[start - 1]))
            {
                start--;
            }

            while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (start > from)
            {
                found(from, start - from, null);
            }

            found(start, end - start, token);
            from = at = end;
        }

        if (from < text.Length)
        {
            found(from, text.Length - from, null);
        }
    }

    private static bool StandsAlone(string text, int start, int end) =>
        (start == 0 || Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out Rune before, out _) != OperationStatus.Done || !IsWord(before))
        && (end == text.Length || Rune.DecodeFromUtf16(text.AsSpan(end), out Rune after, out _) != OperationStatus.Done || !IsWord(after));

    private static bool IsWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.LetterNumber;
}
