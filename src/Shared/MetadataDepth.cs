using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant;

/// <summary>
/// How deep metadata may nest. Readers of JSON give up at 64 levels by default, and every answer puts a few around the metadata
/// of a document, so one document nested deeper would make each answer that holds it unreadable.
/// </summary>
internal static class MetadataDepth
{
    /// <summary>The deepest level, the metadata object itself being the first.</summary>
    public const int Max = 48;

    /// <summary>Deep enough to parse rows that are then rejected, so that the error is about their metadata.</summary>
    public const int MaxParsed = 1000;

    /// <summary>Options to parse a row that may turn out to nest too deep.</summary>
    public static JsonDocumentOptions Lenient { get; } = new() { MaxDepth = MaxParsed };

    /// <summary>The problem with metadata nested too deep, worded the same in every message.</summary>
    public static string Fault { get; } = $"nested more than {Max} deep; flatten them";

    public static bool IsExceededBy(JsonNode? node) => IsDeeper(node, Max);

    /// <summary>The same for metadata that are written as JSON.</summary>
    public static bool IsExceededBy(string json)
    {
        // Only what has as many brackets can be as deep, which hardly any metadata have.
        if (json.AsSpan().Count('{') + json.AsSpan().Count('[') <= Max)
            return false;
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = MaxParsed });
        while (reader.Read())
        {
            if (reader.CurrentDepth >= Max && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return true;
        }

        return false;
    }

    private static bool IsDeeper(JsonNode? node, int depth) =>
        node switch
        {
            JsonObject when depth == 0 => true,
            JsonArray when depth == 0 => true,
            JsonObject parent => parent.Any(field => IsDeeper(field.Value, depth - 1)),
            JsonArray items => items.Any(item => IsDeeper(item, depth - 1)),
            _ => false,
        };
}
