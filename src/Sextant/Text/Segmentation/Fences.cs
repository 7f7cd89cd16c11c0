namespace Sextant.Text.Segmentation;

/// <summary>Finds the fenced blocks of code of one text, from its beginning to its end.</summary>
internal sealed class Fences(string text)
{
    private const int Shortest = 3;

    // A fence that is never closed is looked for once: those that follow, as long or longer, are not closed either.
    private int _unclosedBackticks = int.MaxValue;
    private int _unclosedTildes = int.MaxValue;

    /// <summary>The end of the block that begins at <paramref name="at"/>, the white space after it included, or <see langword="null"/>.</summary>
    public int? EndOf(int at)
    {
        char mark = text[at];
        if (mark is not ('`' or '~') || !BeginsLine(at)) return null;
        ref int unclosed = ref mark == '`' ? ref _unclosedBackticks : ref _unclosedTildes;
        int length = text.AsSpan(at).IndexOfAnyExcept(mark);
        if (length < Shortest || length >= unclosed) return null;
        for (int line = AfterLine(at); line < text.Length; line = AfterLine(line))
        {
            int end = AfterLine(line);
            ReadOnlySpan<char> closing = text.AsSpan(line, end - line).Trim();
            if (closing.Length < length || closing.ContainsAnyExcept(mark)) continue;
            while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
            return end;
        }

        unclosed = length;
        return null;
    }

    private bool BeginsLine(int at)
    {
        while (at > 0 && text[at - 1] is ' ' or '\t') at--;
        return at == 0 || text[at - 1] == '\n';
    }

    private int AfterLine(int at)
    {
        int end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end + 1;
    }
}
