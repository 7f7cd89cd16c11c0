using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Text.Formats;

/// <summary>JSON Lines: an object a line.</summary>
internal static class JsonRows
{
    private static readonly JsonDocumentOptions Strict = MetadataDepth.Lenient with { AllowDuplicateProperties = false };

    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        using StreamReader text = SourceEncoding.Open(stream);
        foreach (SourceDocument document in Read(TextRows.Lines(new(text)), scope)) yield return document;
    }

    public static IEnumerable<SourceDocument> Read(IEnumerable<TextLine> lines, SourceScope scope)
    {
        RowMapper mapper = new(scope, hasAllFields: false);
        foreach (TextLine line in lines)
            if (!line.IsBlank && Document(line, mapper, scope) is { } document) yield return document;
        mapper.NoteMissingFields();
    }

    private static SourceDocument? Document(TextLine line, RowMapper mapper, SourceScope scope)
    {
        if (line.Fault is { } fault) return scope.Bad(line.Number, fault);
        JsonNode? row;
        try
        {
            row = JsonNode.Parse(line.Text, documentOptions: Strict);
            // An object is taken apart when it is first looked into; a name with half a character in it shows only then.
            if (row is JsonObject fields) _ = fields.Count;
            if (Surrogates.MayBeEscapedIn(line.Text) && Surrogates.AreIn(row)) return HalfPair(null);
        }
        catch (InvalidOperationException e) when (Surrogates.MayBeEscapedIn(line.Text))
        {
            return HalfPair(e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return scope.Bad(line.Number, $"the row is not JSON ({Reason(e)}); correct it", e);
        }

        return row is JsonObject found
            ? mapper.Map(found, line.Number)
            : scope.Bad(line.Number, "the row is not a JSON object; write one {\"text\": …} a line");

        SourceDocument? HalfPair(Exception? cause) => scope.Bad(line.Number, $"the row holds {Surrogates.Description}; write whole characters", cause);
    }

    // The parser's message ends with places that count from within the line, which would contradict ours.
    private static string Reason(Exception e)
    {
        int end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string place = e is JsonException { BytePositionInLine: { } at } ? $" at byte {at + 1}" : "";
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.') + place;
    }
}
