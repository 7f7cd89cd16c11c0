using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Search.Filters;
using Sextant.Server.Http;

namespace Sextant.Server.Api.VectorStores;

/// <summary>Translates OpenAI's filters into those of the engine.</summary>
internal static class AttributeFilter
{
    private const int MaxDepth = 32;

    /// <exception cref="ServiceException">The filter is not valid; the error names the part.</exception>
    public static FilterExpression Parse(JsonObject filter) => Parse(filter, "filters", 0);

    private static FilterExpression Parse(JsonObject filter, string at, int depth)
    {
        if (depth > MaxDepth)
            throw ServiceException.BadRequest($"'filters' is nested more than {MaxDepth} levels deep.", "filters");
        string type = Text(filter, "type", at);
        return type is "and" or "or" ? Combine(filter, type == "and", at, depth) : Compare(filter, type, at);
    }

    private static FilterExpression Combine(JsonObject filter, bool all, string at, int depth)
    {
        RequireOnly(filter, at, "type", "filters");
        if (filter["filters"] is not JsonArray { Count: > 0 } parts)
            throw ServiceException.BadRequest($"'{at}.filters' must be an array of at least one filter.", $"{at}.filters");
        FilterExpression[] parsed =
        [
            .. parts.Select(
                (part, i) =>
                    part is JsonObject inner
                        ? Parse(inner, $"{at}.filters[{i}]", depth + 1)
                        : throw ServiceException.BadRequest($"'{at}.filters[{i}]' must be a filter.", $"{at}.filters[{i}]")
            ),
        ];
        return parsed.Aggregate((left, right) => all ? new AndFilter(left, right) : new OrFilter(left, right));
    }

    private static FilterExpression Compare(JsonObject filter, string type, string at)
    {
        RequireOnly(filter, at, "type", "key", "value");
        FieldPath field = new([Text(filter, "key", at)]);
        JsonNode? value = filter["value"];
        return type switch
        {
            "eq" => new ComparisonFilter(field, FilterComparison.Equal, Value(value, at)),
            "ne" => new NotFilter(new ComparisonFilter(field, FilterComparison.Equal, Value(value, at))),
            "gt" => new ComparisonFilter(field, FilterComparison.Greater, Ordered(value, at)),
            "gte" => new ComparisonFilter(field, FilterComparison.GreaterOrEqual, Ordered(value, at)),
            "lt" => new ComparisonFilter(field, FilterComparison.Less, Ordered(value, at)),
            "lte" => new ComparisonFilter(field, FilterComparison.LessOrEqual, Ordered(value, at)),
            "in" => new InFilter(field, Values(value, at)),
            "nin" => new NotFilter(new InFilter(field, Values(value, at))),
            _ => throw ServiceException.BadRequest(
                $"'{type}' is not one of ['and', 'or', 'eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin'] - '{at}.type'",
                $"{at}.type"
            ),
        };
    }

    private static IReadOnlyList<FilterValue> Values(JsonNode? value, string at) =>
        value is JsonArray { Count: > 0 } items
            ? [.. items.Select(item => Value(item, at))]
            : throw ServiceException.BadRequest($"'{at}.value' must be an array of at least one value.", $"{at}.value");

    private static FilterValue Ordered(JsonNode? value, string at)
    {
        FilterValue read = Value(value, at);
        return read.IsBoolean
            ? throw ServiceException.BadRequest($"'{at}.value' must be a number or a string to be ordered.", $"{at}.value")
            : read;
    }

    private static FilterValue Value(JsonNode? value, string at) =>
        value?.GetValueKind() switch
        {
            JsonValueKind.String => FilterValue.Text(value.GetValue<string>()),
            JsonValueKind.True => FilterValue.Boolean(true),
            JsonValueKind.False => FilterValue.Boolean(false),
            JsonValueKind.Number when value.AsValue().TryGetValue(out long whole) => FilterValue.Number(whole),
            JsonValueKind.Number => FilterValue.Number(value.GetValue<double>()),
            _ => throw ServiceException.BadRequest($"'{at}.value' must be a string, a number or a boolean.", $"{at}.value"),
        };

    private static string Text(JsonObject filter, string name, string at) =>
        filter[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0
            ? text
            : throw ServiceException.BadRequest($"'{at}.{name}' must be a string.", $"{at}.{name}");

    private static void RequireOnly(JsonObject filter, string at, params ReadOnlySpan<string> names)
    {
        foreach ((string name, _) in filter)
        {
            if (!names.Contains(name))
                throw ServiceException.BadRequest($"Unrecognized request argument supplied: {at}.{name}", $"{at}.{name}");
        }
    }
}
