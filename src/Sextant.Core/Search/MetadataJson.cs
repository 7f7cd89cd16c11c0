using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Search;

/// <summary>Stored metadata: one JSON object in a canonical form, so that equal metadata are equal strings.</summary>
public static class MetadataJson
{
    // Relaxed, so that filters match names in any language; the output never goes into HTML unescaped.
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MetadataDepth.MaxParsed,
    };

    /// <summary>Writes metadata as canonical JSON.</summary>
    /// <param name="metadata">The metadata; <see langword="null"/> is an empty object.</param>
    /// <param name="id">The id of the document, for the message.</param>
    /// <exception cref="InputException">The metadata cannot be stored.</exception>
    public static string Serialize(JsonObject? metadata, string id)
    {
        if (metadata is null)
            return "{}";
        try
        {
            if (metadata.Count == 0)
                return "{}";
            if (MetadataDepth.IsExceededBy(metadata))
                throw TooDeep(id);
            string json = metadata.ToJsonString(Options);
            if (json.Contains("\\u0000", StringComparison.Ordinal) && HoldsNul(metadata))
            {
                throw new InputException(
                    $"the metadata of document '{id}' contains the NUL character, which databases do not store; remove it"
                );
            }
            // The writer puts U+FFFD in the place of half a pair, which would make one name of several.
            return
                (json.Contains('\ufffd', StringComparison.Ordinal) || json.Contains("\\ufffd", StringComparison.OrdinalIgnoreCase))
                && Surrogates.AreIn(metadata)
                ? throw HalfPair(id)
                : json;
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

    /// <summary>The same for metadata that a program may have changed, without checks.</summary>
    internal static string ToText(JsonObject metadata) => metadata.ToJsonString(Options);

    private static InputException HalfPair(string id) =>
        new($"the metadata of document '{id}' contains {Surrogates.Description}; write whole characters");

    /// <summary>Metadata that were written before, on their way into another collection.</summary>
    /// <exception cref="InputException">They are nested too deep: an earlier version wrote them.</exception>
    internal static string Require(string metadata, string id) => MetadataDepth.IsExceededBy(metadata) ? throw TooDeep(id) : metadata;

    private static bool HoldsNul(JsonNode? node) =>
        node switch
        {
            JsonObject parent => parent.Any(field => field.Key.Contains('\0', StringComparison.Ordinal) || HoldsNul(field.Value)),
            JsonArray items => items.Any(HoldsNul),
            JsonValue value => value.GetValueKind() == JsonValueKind.String
                && JsonElement.Parse(value.ToJsonString()).GetString()!.Contains('\0', StringComparison.Ordinal),
            _ => false,
        };

    /// <summary>Parses metadata that <see cref="Serialize"/> wrote.</summary>
    /// <param name="metadata">A JSON object.</param>
    public static JsonObject Parse(string metadata) =>
        metadata == "{}" ? [] : (JsonObject)JsonNode.Parse(metadata, documentOptions: MetadataDepth.Lenient)!;

    /// <summary>
    /// A value as text for people: a string unchanged, anything else as JSON without escaped letters; <see langword="null"/> for none.
    /// </summary>
    /// <param name="value">A value of the metadata.</param>
    public static string? ToDisplayText(JsonNode? value) =>
        value is null ? null
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>()
        : value.ToJsonString(Options);

    /// <summary>Turns any object that serializes to a JSON object into one.</summary>
    /// <exception cref="InputException">It serializes to something else.</exception>
    /// <exception cref="NotSupportedException">Serialization by reflection is disabled in this program.</exception>
    [RequiresUnreferencedCode("The fields of the metadata are found by reflection.")]
    [RequiresDynamicCode("The fields of the metadata are found by reflection.")]
    internal static JsonObject? Serialize<T>(T metadata)
    {
        if (metadata is null)
            return null;
        if (!JsonSerializer.IsReflectionEnabledByDefault)
        {
            throw new NotSupportedException(
                $"Metadata of type {typeof(T).Name} need reflection, which this program disables; pass JsonObject instances instead."
            );
        }

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

    private static InputException TooDeep(string id) => new($"the metadata of document '{id}' is {MetadataDepth.Fault}");
}
