using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Search;

/// <summary>Metadata in its stored form: one JSON object with a canonical text, so that equal metadata have equal texts.</summary>
internal static class MetadataJson
{
    // Relaxed, so that filters match names in any language; the output never goes into HTML unescaped.
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MetadataDepth.MaxParsed,
    };

    /// <exception cref="InputException">The metadata cannot be stored.</exception>
    public static string Write(JsonObject? metadata, string id)
    {
        if (metadata is null) return "{}";
        try
        {
            if (metadata.Count == 0) return "{}";
            if (MetadataDepth.IsExceededBy(metadata)) throw TooDeep(id);
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

    /// <summary>Metadata that were written before, on their way into another collection.</summary>
    /// <exception cref="InputException">They are nested too deep: an earlier version wrote them.</exception>
    public static string Require(string metadata, string id) => MetadataDepth.IsExceededBy(metadata) ? throw TooDeep(id) : metadata;

    private static bool HoldsNul(JsonNode? node) => node switch
    {
        JsonObject parent => parent.Any(field => field.Key.Contains('\0', StringComparison.Ordinal) || HoldsNul(field.Value)),
        JsonArray items => items.Any(HoldsNul),
        JsonValue value => value.GetValueKind() == JsonValueKind.String && JsonSerializer.Deserialize<string>(value.ToJsonString())!.Contains('\0', StringComparison.Ordinal),
        _ => false,
    };

    public static JsonObject Read(string metadata) =>
        metadata == "{}" ? [] : (JsonObject)JsonNode.Parse(metadata, documentOptions: MetadataDepth.Lenient)!;

    /// <summary>A value for display: a text verbatim, anything else as JSON with the letters of every script unescaped.</summary>
    public static string? Show(JsonNode? value) => value is null
        ? null
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(Options);

    /// <summary>Converts any object that serializes to a JSON object.</summary>
    /// <exception cref="InputException">It serializes to something else.</exception>
    public static JsonObject? From<T>(T metadata)
    {
        if (metadata is null) return null;
        try
        {
            return JsonSerializer.SerializeToNode(metadata, Options) as JsonObject
                ?? throw new InputException($"metadata must be an object with named fields, and {typeof(T).Name} is not one");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InputException($"metadata of type {typeof(T).Name} cannot be written as JSON: {e.Message}", e);
        }
    }

    private static InputException TooDeep(string id) => new($"the metadata of document '{id}' are {MetadataDepth.Fault}");
}
