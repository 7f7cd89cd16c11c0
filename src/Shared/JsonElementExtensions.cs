using System.Text.Json;

namespace Sextant;

/// <summary>Reads fields that may be missing, or of another kind than they should be, from files that others wrote.</summary>
internal static class JsonElementExtensions
{
    /// <summary>The string called <paramref name="name"/>; <see langword="null"/> when it is not there or no string.</summary>
    public static string? StringOrNull(this JsonElement element, string name) =>
        element.FieldOrNull(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The truth value called <paramref name="name"/>; <see langword="null"/> when it is not there or neither.</summary>
    public static bool? BoolOrNull(this JsonElement element, string name) =>
        element.FieldOrNull(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    private static JsonElement? FieldOrNull(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;

    /// <summary>The string; an error names the value.</summary>
    /// <exception cref="FormatException">It is not a string.</exception>
    public static string RequiredString(this JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.String
            ? element.GetString()!
            : throw new FormatException($"its {what} is {Kind(element)} where a string is expected");

    private static string Kind(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Null => "null",
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.Number => "a number",
            _ => "a truth value",
        };
}
