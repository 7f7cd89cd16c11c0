using System.Text.Json.Nodes;

namespace Sextant.Sources.Formats.Rows;

/// <summary>JSON Lines: an object a line.</summary>
internal static class JsonRows
{
    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        using StreamReader text = SourceEncoding.Open(stream);
        foreach (SourceDocument document in Read(TextRows.Lines(new(text)), scope))
            yield return document;
    }

    public static IEnumerable<SourceDocument> Read(IEnumerable<TextLine> lines, SourceScope scope)
    {
        RowMapper mapper = new(scope, hasAllFields: false);
        foreach (TextLine line in lines)
        {
            if (!line.IsBlank && Document(line, mapper, scope) is { } document)
                yield return document;
        }

        mapper.NoteMissingFields();
    }

    private static SourceDocument? Document(TextLine line, RowMapper mapper, SourceScope scope)
    {
        JsonText row = JsonText.Parse(line);
        if (row.Fault is { } fault)
            return scope.Bad(line.Number, fault, row.Cause);
        return row.Value is JsonObject found
            ? mapper.Map(found, line.Number)
            : scope.Bad(line.Number, "the row is not a JSON object; write one {\"text\": …} a line");
    }
}
