namespace Sextant.Sources.Segmentation;

/// <summary>Finds the fenced blocks of code of one text, from its beginning to its end.</summary>
internal sealed class Fences(string text)
{
    private const int Shortest = 3;

    /// <summary>
    /// The end of the block that starts at <paramref name="at"/>, including the white space after it, or <see langword="null"/> if no block
    /// starts there. An unclosed block extends to the end of the text, as in CommonMark.
    /// </summary>
    public int? EndOf(int at)
    {
        char mark = text[at];
        if (mark is not ('`' or '~') || !BeginsLine(at))
            return null;
        int length = text.AsSpan(at).IndexOfAnyExcept(mark);
        if (length < Shortest)
            return null;
        for (int line = Lines.After(text, at); line < text.Length; line = Lines.After(text, line))
        {
            int end = Lines.After(text, line);
            ReadOnlySpan<char> closing = text.AsSpan(line, end - line).Trim();
            if (closing.Length < length || closing.ContainsAnyExcept(mark))
                continue;
            while (end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
            return end;
        }

        return text.Length;
    }

    private bool BeginsLine(int at)
    {
        while (at > 0 && text[at - 1] is ' ' or '\t')
            at--;
        return at == 0 || text[at - 1] == '\n';
    }
}
