namespace Sextant.Sources.Segmentation;

/// <summary>A table of a text: where it starts, where its first row below the header starts, and where it ends.</summary>
internal readonly record struct TableSpan(int Start, int Body, int End);

/// <summary>
/// Finds the pipe tables of a text (GitHub Flavored Markdown, section 4.10), so that every part of one can repeat its header.
/// </summary>
internal static class MarkdownTables
{
    public static List<TableSpan> Find(string text)
    {
        List<TableSpan> tables = [];
        if (!text.Contains('|', StringComparison.Ordinal))
            return tables;
        Fences fences = new(text);
        int header = -1;
        for (int at = 0; at < text.Length; )
        {
            int content = at;
            while (content < text.Length && text[content] is ' ' or '\t')
                content++;
            if (content < text.Length && fences.EndOf(content) is { } fence)
            {
                (at, header) = (fence, -1);
                continue;
            }

            int next = Lines.After(text, at);
            ReadOnlySpan<char> line = text.AsSpan(at, next - at).Trim();
            if (header >= 0 && IsDelimiter(line))
            {
                int end = next;
                while (
                    end < text.Length
                    && text.AsSpan(end, Lines.After(text, end) - end) is var row
                    && row.Contains('|')
                    && !row.IsWhiteSpace()
                )
                {
                    end = Lines.After(text, end);
                }

                tables.Add(new(header, next, end));
                (at, header) = (end, -1);
                continue;
            }

            header = line.Contains('|') ? at : -1;
            at = next;
        }

        return tables;
    }

    private static bool IsDelimiter(ReadOnlySpan<char> line) =>
        line.Contains('|') && line.Contains('-') && !line.ContainsAnyExcept("|-: \t");
}
