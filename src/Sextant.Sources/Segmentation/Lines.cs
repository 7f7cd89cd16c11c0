namespace Sextant.Sources.Segmentation;

/// <summary>Detects the structure of a text from the start of a line.</summary>
internal static class Lines
{
    /// <summary>
    /// Whether the line end at <paramref name="at"/> is more than a wrap: a blank line, a heading, an item or a fence follows.
    /// </summary>
    public static bool BreaksAt(string text, int at)
    {
        int next = at + 1;
        while (next < text.Length && text[next] is ' ' or '\t' or '\r')
            next++;
        if (next >= text.Length)
            return true;
        return text[next] switch
        {
            '\n' => true,
            '#' or '|' or '>' or '`' or '~' => true,
            '-' or '*' or '+' or '•' => next + 1 < text.Length && text[next + 1] == ' ',
            >= '0' and <= '9' => IsNumberedItem(text.AsSpan(next)),
            _ => false,
        };
    }

    /// <summary>Whether between <paramref name="from"/> and <paramref name="to"/>, all white space, a paragraph ends.</summary>
    public static bool EndsParagraph(string text, int from, int to) =>
        to >= text.Length
        || text.AsSpan(from, to - from).Count('\n') >= 2
        || (text[to] == '#' && text.AsSpan(from, to - from).Contains('\n'));

    /// <summary>The start of the line after the one that <paramref name="at"/> is in; the end of the text after the last.</summary>
    public static int After(ReadOnlySpan<char> text, int at)
    {
        int end = text[at..].IndexOf('\n');
        return end < 0 ? text.Length : at + end + 1;
    }

    private static bool IsNumberedItem(ReadOnlySpan<char> line)
    {
        int digits = line.IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and <= 3 && digits + 1 < line.Length && line[digits] is '.' or ')' && line[digits + 1] == ' ';
    }
}
