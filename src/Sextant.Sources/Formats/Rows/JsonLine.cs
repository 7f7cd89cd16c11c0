using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Sources.Formats.Rows;

/// <summary>The value of a line of JSON Lines, or the reason why it cannot be read.</summary>
internal readonly record struct JsonLine(JsonNode? Value, string? Fault, Exception? Cause)
{
    private static readonly JsonDocumentOptions Strict = MetadataDepth.Lenient with { AllowDuplicateProperties = false };

    /// <summary>Parses a line that is not blank. Objects name each of their fields once.</summary>
    public static JsonLine Parse(TextLine line)
    {
        if (line.Fault is { } fault) return new(null, fault, null);
        try
        {
            var row = JsonNode.Parse(line.Text, documentOptions: Strict);
            // An object is taken apart when it is first looked into; a name with half a character in it shows only then.
            if (row is JsonObject fields) _ = fields.Count;
            return Surrogates.MayBeEscapedIn(line.Text) && Surrogates.AreIn(row) ? HalfPair(null) : new(row, null, null);
        }
        catch (InvalidOperationException e) when (Surrogates.MayBeEscapedIn(line.Text))
        {
            return HalfPair(e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new(null, $"the row is not JSON ({Reason(e)}); correct it", e);
        }
    }

    private static JsonLine HalfPair(Exception? cause) => new(null, $"the row holds {Surrogates.Description}; write whole characters", cause);

    // The parser's message ends with places that count from within the line, which would contradict ours.
    private static string Reason(Exception e)
    {
        int end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string place = e is JsonException { BytePositionInLine: { } at } ? $" at byte {at + 1}" : "";
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.') + place;
    }
}
