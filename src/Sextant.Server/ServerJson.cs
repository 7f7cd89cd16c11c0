using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;
using Sextant.Server.Http;

namespace Sextant.Server;

/// <summary>The JSON settings: names in snake case, unknown and duplicate properties rejected, no null for required values.</summary>
internal static class ServerJson
{
    /// <summary>
    /// The maximum nesting depth of JSON: deeper than that of metadata, so that stored metadata can always be sent, and metadata over its
    /// own limit is rejected by that limit.
    /// </summary>
    public const int MaxDepth = 128;

    public static JsonSerializerOptions Options { get; } = ApplyToHttp(new JsonSerializerOptions(JsonSerializerDefaults.General));

    /// <summary>The same for an agent's tools.</summary>
    public static JsonSerializerOptions ForTools { get; } = Apply(new JsonSerializerOptions(McpJsonUtilities.DefaultOptions));

    /// <summary>Applies the settings to the JSON of HTTP requests and responses.</summary>
    public static JsonSerializerOptions ApplyToHttp(JsonSerializerOptions options)
    {
        // Not for tools: the schema of a type with a converter is empty, and clients require the schema of an object.
        options.Converters.Add(new UniqueNamesConverter());
        return Apply(options);
    }

    private static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.MaxDepth = MaxDepth;
        // Readable, and never part of a page: every answer says that it is JSON and must not be taken for anything else.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
