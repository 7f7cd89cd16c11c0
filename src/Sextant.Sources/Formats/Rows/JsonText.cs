using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Sources.Formats.Rows;

/// <summary>The value of a JSON text, or the reason why it cannot be read. Objects name each of their fields once.</summary>
/// <param name="Value">The value; <see langword="null"/> also for the literal <c>null</c>.</param>
/// <param name="Fault">The problem and its solution; <see langword="null"/> if there is none.</param>
/// <param name="Line">The line of the text where the fault is, from 1.</param>
/// <param name="Cause">The parser's own exception.</param>
internal readonly record struct JsonText(JsonNode? Value, string? Fault, int Line, Exception? Cause)
{
    private static readonly JsonDocumentOptions Strict = MetadataDepth.Lenient with { AllowDuplicateProperties = false };

    private static readonly JsonDocumentOptions StrictWithComments = Strict with
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Parses a line of JSON Lines that is not blank.</summary>
    public static JsonText Parse(TextLine line) =>
        line.Fault is { } fault
            ? new(null, fault, 1, null)
            : Parse("row", () => JsonNode.Parse(line.Text, documentOptions: Strict), Surrogates.MayBeEscapedIn(line.Text));

    /// <summary>Parses a whole file, which may hold comments and trailing commas, as configurations do.</summary>
    public static JsonText ParseFile(string text) =>
        Parse("file", () => JsonNode.Parse(text, documentOptions: StrictWithComments), Surrogates.MayBeEscapedIn(text));

    /// <summary>Parses a notebook as a stream: its outputs, which are not read, can make it larger than any page.</summary>
    public static JsonText ParseNotebook(Stream stream) =>
        Parse("notebook", () => JsonNode.Parse(stream, documentOptions: Strict), mayHoldHalfPairs: false);

    private static JsonText Parse(string what, Func<JsonNode?> parse, bool mayHoldHalfPairs)
    {
        try
        {
            JsonNode? value = parse();
            // An object is taken apart when it is first looked into; a name with half a character in it shows only then.
            if (value is JsonObject fields)
                _ = fields.Count;
            return mayHoldHalfPairs && Surrogates.AreIn(value) ? HalfPair(what, null) : new(value, null, 1, null);
        }
        catch (InvalidOperationException e) when (mayHoldHalfPairs)
        {
            return HalfPair(what, e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return new(null, $"the {what} is not JSON ({Reason(e)}); correct it", 1 + (int)((e as JsonException)?.LineNumber ?? 0), e);
        }
    }

    private static JsonText HalfPair(string what, Exception? cause) =>
        new(null, $"the {what} contains {Surrogates.Description}; write whole characters", 1, cause);

    // The parser's message ends with places that count from 0, which would contradict ours.
    private static string Reason(Exception e)
    {
        int end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string place = e is JsonException { BytePositionInLine: { } at } ? $" at byte {at + 1}" : "";
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.') + place;
    }
}
