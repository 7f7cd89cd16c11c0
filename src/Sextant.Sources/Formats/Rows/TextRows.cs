namespace Sextant.Sources.Formats.Rows;

/// <summary>Plain text: a text a paragraph, or a text a line.</summary>
internal static class TextRows
{
    /// <summary>The number of lines searched for the blank line that distinguishes prose from a list.</summary>
    private const int LinesToLookInto = 4096;

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        using StreamReader text = SourceEncoding.Open(stream);
        LineReader lines = new(text);
        if (scope.Options.PlainText == PlainTextUnit.EveryLine)
        {
            foreach (SourceDocument line in EveryLine(lines, scope))
                yield return line;
            yield break;
        }

        List<TextLine> ahead = [];
        bool paragraphs = scope.Options.PlainText == PlainTextUnit.Paragraph && HasBlankLineWithin(lines, ahead);
        IEnumerable<TextLine> all = ahead.Concat(Lines(lines));
        foreach (SourceDocument document in paragraphs ? Paragraphs(all, scope) : OneByOne(all, scope))
            yield return document;
    }

    /// <summary>
    /// JSON Lines when the first line that is not blank begins with "{", else a text a line. Where every line is asked for, JSON Lines
    /// only when a field is named.
    /// </summary>
    public static IEnumerable<SourceDocument> OfStandardInput(Stream stream, SourceScope scope)
    {
        using StreamReader text = SourceEncoding.Open(stream);
        LineReader lines = new(text);
        if (scope.Options is { PlainText: PlainTextUnit.EveryLine, TextField: null })
        {
            foreach (SourceDocument line in EveryLine(lines, scope))
                yield return line;
            yield break;
        }

        List<TextLine> ahead = [];
        foreach (TextLine line in Lines(lines))
        {
            ahead.Add(line);
            if (!line.IsBlank)
                break;
        }

        IEnumerable<TextLine> all = ahead.Concat(Lines(lines));
        bool json = ahead is [.., { Text: var first }] && first.AsSpan().TrimStart().StartsWith("{");
        foreach (SourceDocument document in json ? JsonRows.Read(all, scope) : OneByOne(all, scope))
            yield return document;
    }

    public static IEnumerable<TextLine> Lines(LineReader reader)
    {
        while (reader.Read() is { } text)
            yield return new(text, reader.Line, reader.TooLong);
    }

    private static bool HasBlankLineWithin(LineReader reader, List<TextLine> ahead)
    {
        bool blankAfterText = false,
            text = false;
        foreach (TextLine line in Lines(reader))
        {
            ahead.Add(line);
            if (!line.IsBlank && blankAfterText)
                return true;
            text |= !line.IsBlank;
            blankAfterText |= text && line.IsBlank;
            if (ahead.Count == LinesToLookInto)
                break;
        }

        return false;
    }

    private static IEnumerable<SourceDocument> OneByOne(IEnumerable<TextLine> lines, SourceScope scope)
    {
        foreach (TextLine line in lines)
        {
            if (!line.IsBlank && Document(line.Text, line.Number, line.Fault, scope) is { } document)
                yield return document;
        }
    }

    private static IEnumerable<SourceDocument> EveryLine(LineReader lines, SourceScope scope)
    {
        foreach (TextLine line in Lines(lines))
        {
            if (Document(line.Text, line.Number, line.Fault, scope) is { } document)
                yield return document;
        }
    }

    private static IEnumerable<SourceDocument> Paragraphs(IEnumerable<TextLine> lines, SourceScope scope)
    {
        List<string> paragraph = [];
        (int start, int length, string? fault) = (0, 0, null);
        foreach (TextLine line in lines.Append(default))
        {
            if (!line.IsBlank)
            {
                if (paragraph.Count == 0)
                    start = line.Number;
                length += line.Text.Length + 1;
                if (length <= SourceScope.MaxCharacters)
                    paragraph.Add(line.Text);
                else
                    fault = $"the paragraph is longer than {SourceScope.MaxCharacters / 1024 / 1024} Mi characters; insert blank lines";
                fault ??= line.Fault;
                continue;
            }

            if (paragraph.Count > 0 && Document(string.Join('\n', paragraph), start, fault, scope) is { } document)
                yield return document;
            paragraph.Clear();
            (length, fault) = (0, null);
        }
    }

    private static SourceDocument? Document(string text, int line, string? fault, SourceScope scope) =>
        fault is not null
            ? scope.Bad(line, fault)
            : new()
            {
                Id = scope.Ids.OfText(text),
                HasMadeId = true,
                Text = text,
                Source = scope.Source,
                Line = line,
            };
}

/// <summary>A line with its number.</summary>
internal readonly record struct TextLine(string? MaybeText, int Number, bool TooLong)
{
    public string Text => MaybeText ?? "";

    /// <summary>A line too long to hold is not blank, though it comes as an empty one.</summary>
    public bool IsBlank => !TooLong && string.IsNullOrWhiteSpace(Text);

    public string? Fault =>
        TooLong
            ? $"the line is longer than {SourceScope.MaxCharacters / 1024 / 1024} Mi characters; split it into several"
            : SourceEncoding.Fault(Text);
}
