using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Text;

namespace Sextant.Search;

/// <summary>Metadata as it is stored: one JSON object, written in one way, so that equal metadata are equal texts.</summary>
internal static class MetadataJson
{
    /// <summary>SQLite gives up on JSON deeper than 1,000, and would with it on every filter over the collection.</summary>
    private const int MaxDepth = 64;

    // Relaxed: names are then found by filters in any language, and nothing here is ever put into HTML as it is.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="InputException">The metadata cannot be stored.</exception>
    public static string Write(JsonObject? metadata, string id)
    {
        if (metadata is null) return "{}";
        try
        {
            if (metadata.Count == 0) return "{}";
            if (IsDeeper(metadata, MaxDepth)) throw new InputException($"the metadata of document '{id}' are nested more than {MaxDepth} deep");
            string json = metadata.ToJsonString(Options);
            if (json.Contains("\\u0000", StringComparison.Ordinal) && HoldsNul(metadata))
                throw new InputException($"the metadata of document '{id}' hold the NUL character, which databases do not keep; leave it out");
            // The writer puts U+FFFD in the place of half a pair, which would make one name of several.
            return (json.Contains('\ufffd', StringComparison.Ordinal) || json.Contains("\\ufffd", StringComparison.OrdinalIgnoreCase)) && Surrogates.AreIn(metadata) ? throw HalfPair(id) : json;
        }
        catch (InvalidOperationException) when (Surrogates.AreIn(metadata))
        {
            throw HalfPair(id);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InputException($"the metadata of document '{id}' cannot be written as JSON: {e.Message}", e);
        }
    }

    private static InputException HalfPair(string id) => new($"the metadata of document '{id}' hold {Surrogates.Description}; write whole characters");

    private static bool IsDeeper(JsonNode? node, int depth) => node switch
    {
        JsonObject when depth == 0 => true,
        JsonArray when depth == 0 => true,
        JsonObject parent => parent.Any(field => IsDeeper(field.Value, depth - 1)),
        JsonArray items => items.Any(item => IsDeeper(item, depth - 1)),
        _ => false,
    };

    private static bool HoldsNul(JsonNode? node) => node switch
    {
        JsonObject parent => parent.Any(field => field.Key.Contains('\0', StringComparison.Ordinal) || HoldsNul(field.Value)),
        JsonArray items => items.Any(HoldsNul),
        JsonValue value => value.GetValueKind() == JsonValueKind.String && JsonSerializer.Deserialize<string>(value.ToJsonString())!.Contains('\0', StringComparison.Ordinal),
        _ => false,
    };

    public static JsonObject Read(string metadata) => metadata == "{}" ? [] : (JsonObject)JsonNode.Parse(metadata)!;

    /// <summary>Turns any object that serialises to a JSON object into one.</summary>
    /// <exception cref="InputException">It serialises to something else.</exception>
    public static JsonObject? From<T>(T metadata) => metadata is null
        ? null
        : JsonSerializer.SerializeToNode(metadata, Options) as JsonObject
            ?? throw new InputException($"metadata must be an object with named fields, and {typeof(T).Name} is not one");
}
