using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;

namespace Sextant.Server;

/// <summary>How JSON is read and written: names in snake case, nothing unknown or said twice passed over, no null where a value belongs.</summary>
internal static class ServerJson
{
    /// <summary>How deep JSON may be nested: deeper than metadata may be, so that what is stored can be sent, and what cannot be stored is refused by its own limit.</summary>
    public const int MaxDepth = 128;

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
        options.MaxDepth = MaxDepth;
        // Readable, and never part of a page: every answer says that it is JSON and must not be taken for anything else.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
