using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;

namespace Sextant.Server;

/// <summary>How JSON is read and written: names in snake case, nothing unknown or said twice passed over, no null where a value belongs.</summary>
internal static class ServerJson
{
    public static JsonSerializerOptions Options { get; } = Apply(new JsonSerializerOptions(JsonSerializerDefaults.General));

    /// <summary>The same for an agent's tools.</summary>
    public static JsonSerializerOptions ForTools { get; } = Apply(new JsonSerializerOptions(McpJsonUtilities.DefaultOptions));

    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        // Readable, and never part of a page: every answer says that it is JSON and must not be taken for anything else.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
