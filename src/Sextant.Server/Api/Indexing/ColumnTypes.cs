using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Server.Api.Indexing;

/// <summary>The types of metadata, by the values seen so far.</summary>
internal sealed class ColumnTypes
{
    private const int Most = 100;

    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _types.Keys;

    public string? this[string name] => _types.GetValueOrDefault(name);

    public void Add(JsonObject metadata)
    {
        foreach ((string name, JsonNode? value) in metadata)
        {
            if (value is null || (_types.Count == Most && !_types.ContainsKey(name)))
                continue;
            string type = TypeOf(value);
            if (_types.TryAdd(name, type) || _types[name] == type)
                continue;
            _types[name] = "mixed";
        }
    }

    private static string TypeOf(JsonNode value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Array => "list",
            JsonValueKind.Object => "object",
            _ => "text",
        };
}
