using System.Text.Json;

namespace Sextant.Server.Mcp;

/// <summary>Validates the arguments of a tool call against the tool's schema, with errors that an agent can act on.</summary>
internal static class ToolArguments
{
    /// <summary>The problem; <see langword="null"/> for a valid call.</summary>
    public static string? Fault(JsonElement schema, IDictionary<string, JsonElement>? arguments) =>
        Fault(schema, arguments ?? new Dictionary<string, JsonElement>(), at: "");

    private static string? Fault(JsonElement schema, IDictionary<string, JsonElement> values, string at)
    {
        JsonElement properties = schema.TryGetProperty("properties", out JsonElement described) ? described : default;
        string[] names =
            properties.ValueKind == JsonValueKind.Object ? [.. properties.EnumerateObject().Select(property => property.Name)] : [];
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (string name in required.EnumerateArray().Select(one => one.GetString()!))
            {
                if (!values.ContainsKey(name))
                    return $"the argument '{at}{name}' is missing; it is required";
            }
        }

        foreach ((string name, JsonElement value) in values)
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                return $"unknown argument '{at}{name}'; "
                    + (names.Length == 0 ? "this tool takes none" : $"this tool takes {string.Join(", ", names.Select(one => at + one))}");
            }

            if (FaultOf(properties.GetProperty(name), value, at + name) is { } fault)
                return fault;
        }

        return null;
    }

    private static string? FaultOf(JsonElement schema, JsonElement value, string name)
    {
        string[] types = Types(schema);
        if (types.Length > 0 && !types.Any(type => Is(value, type)))
            return $"the argument '{name}' must be {string.Join(" or ", types.Select(WithArticle))}, not {Describe(value)}";
        if (value.ValueKind == JsonValueKind.String && !IsText(value))
            return $"the argument '{name}' contains {Surrogates.Description}";
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            return value
                .EnumerateArray()
                .Select((item, index) => FaultOf(items, item, $"{name}[{index}]"))
                .FirstOrDefault(static fault => fault is not null);
        }

        return value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out _)
            ? Fault(schema, Members(value), name + ".")
            : null;
    }

    private static Dictionary<string, JsonElement> Members(JsonElement value)
    {
        Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
            members[property.Name] = property.Value;
        return members;
    }

    private static string[] Types(JsonElement property) =>
        !property.TryGetProperty("type", out JsonElement type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)]
        : [type.GetString()!];

    private static bool Is(JsonElement value, string type) =>
        type switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            _ => true,
        };

    private static string WithArticle(string type) =>
        type switch
        {
            "integer" => "an integer",
            "array" => "an array",
            "object" => "an object",
            "null" => "null",
            _ => $"a {type}",
        };

    private static string Describe(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => "a string",
            JsonValueKind.Number => value.GetRawText() is { Length: <= 40 } number ? number : "a number of that size",
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            JsonValueKind.Null => "null",
            JsonValueKind.Array => "an array",
            _ => "an object",
        };

    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
