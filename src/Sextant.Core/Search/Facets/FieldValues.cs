using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Search.Filters;

namespace Sextant.Search.Facets;

/// <summary>The values of metadata that documents are counted and grouped by.</summary>
internal static class FieldValues
{
    /// <summary>A value that metadata hold; <see langword="null"/> for null, an object or an array.</summary>
    public static FilterValue? Read(JsonNode? node) =>
        node?.GetValueKind() switch
        {
            JsonValueKind.String => FilterValue.Text(node.GetValue<string>()),
            JsonValueKind.True => FilterValue.Boolean(true),
            JsonValueKind.False => FilterValue.Boolean(false),
            JsonValueKind.Number => FilterNumber.Parse(node.ToJsonString()).ToValue(),
            _ => null,
        };

    /// <summary>The value of a field, or the elements of its array, each once.</summary>
    public static IEnumerable<FilterValue> List(FieldPath field, JsonObject metadata) =>
        !FilterEvaluator.TryFind(field, metadata, out JsonNode? found) ? []
        : found is JsonArray items ? items.Select(Read).OfType<FilterValue>().Distinct()
        : Read(found) is { } value ? [value]
        : [];

    /// <summary>Texts by code point, then numbers, then truth values.</summary>
    public static int Compare(FilterValue left, FilterValue right) =>
        (left.Value, right.Value) switch
        {
            (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
            (bool a, bool b) => a.CompareTo(b),
            (long or double, long or double) => FilterNumber.Create(left).CompareTo(FilterNumber.Create(right)),
            _ => Order(left).CompareTo(Order(right)),
        };

    private static int Order(FilterValue value) =>
        value.IsText ? 0
        : value.IsBoolean ? 2
        : 1;
}
