namespace Sextant.Sources.Segmentation;

/// <summary>Takes a fenced block of code apart into lines, each with the blank lines after it.</summary>
internal static class CodeLines
{
    /// <summary>The lines from <paramref name="start"/>, where the block opens, to <paramref name="end"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The start of the code.</param>
    /// <param name="end">The end of the code.</param>
    /// <param name="isFenced">Whether the first line and the last are its fence.</param>
    public static IEnumerable<TextSegment> Split(string text, int start, int end, bool isFenced = true)
    {
        int fence = isFenced ? Indentation(text, start, end) : 0;
        bool opens = isFenced;
        for (int at = start; at < end; )
        {
            int next = Lines.After(text.AsSpan(0, end), at),
                afterBlank = next;
            while (afterBlank < end && IsBlank(text, afterBlank, Lines.After(text.AsSpan(0, end), afterBlank)))
                afterBlank = Lines.After(text.AsSpan(0, end), afterBlank);
            while (afterBlank < end && !TextSegments.CanCut(text, afterBlank))
                afterBlank = Lines.After(text.AsSpan(0, end), afterBlank);
            bool isBlank = afterBlank > next;
            TextBreak ends =
                afterBlank >= end ? TextBreak.Paragraph
                : opens || isFenced && text[Skip(text, afterBlank, end)] is '`' or '~' && IsLast(text, afterBlank, end) ? TextBreak.None
                : (isBlank, IsOutermost(text, afterBlank, end, fence)) switch
                {
                    (true, true) => TextBreak.Paragraph,
                    (true, false) => TextBreak.BlankLine,
                    (false, true) => TextBreak.LineBeforeOutermost,
                    _ => TextBreak.Line,
                };
            yield return new(at, afterBlank, ends, IsCode: true);
            (at, opens) = (afterBlank, false);
        }
    }

    // A line that only closes what stands above it belongs to that.
    private static bool IsOutermost(string text, int line, int end, int fence)
    {
        int at = Skip(text, line, end);
        return at - line <= fence && text[at] is not ('}' or ')' or ']' or '<' or '{') && !text.AsSpan(at, end - at).StartsWith("end");
    }

    private static int Indentation(string text, int at, int end)
    {
        int line = at;
        while (line > 0 && text[line - 1] is ' ' or '\t')
            line--;
        return Math.Max(0, Skip(text, at, end) - line);
    }

    private static bool IsLast(string text, int line, int end)
    {
        int after = Lines.After(text.AsSpan(0, end), line);
        return IsBlank(text, after, end);
    }

    private static int Skip(string text, int at, int end)
    {
        while (at < end - 1 && text[at] is ' ' or '\t')
            at++;
        return at;
    }

    private static bool IsBlank(string text, int from, int to) => text.AsSpan(from, to - from).IsWhiteSpace();
}
