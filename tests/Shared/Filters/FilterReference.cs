using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Search.Filters;

namespace Sextant.Tests.Shared.Filters;

/// <summary>A reference implementation of the filter language in C#, without SQL, to check the translation against.</summary>
internal static class FilterReference
{
    public static bool Matches(FilterExpression filter, JsonObject metadata) =>
        filter switch
        {
            AndFilter f => Matches(f.Left, metadata) && Matches(f.Right, metadata),
            OrFilter f => Matches(f.Left, metadata) || Matches(f.Right, metadata),
            NotFilter f => !Matches(f.Inner, metadata),
            ExistsFilter f => Find(f.Field, metadata).Exists,
            IsNullFilter f => Find(f.Field, metadata).Value is null,
            ComparisonFilter f => Find(f.Field, metadata).Value is { } value
                && Compare(value, f.Value) is { } order
                && f.Comparison switch
                {
                    FilterComparison.Equal => order == 0,
                    FilterComparison.Less => order < 0,
                    FilterComparison.LessOrEqual => order <= 0,
                    FilterComparison.Greater => order > 0,
                    _ => order >= 0,
                },
            InFilter f => Find(f.Field, metadata).Value is { } value && f.Values.Any(v => Compare(value, v) == 0),
            AnyInFilter f => Find(f.Field, metadata).Value is JsonArray items
                && items.Any(item => item is not null && f.Values.Any(v => Compare(item, v) == 0)),
            ArrayFilter f => Find(f.Field, metadata).Value is JsonArray items
                && items.Count == f.Values.Count
                && items.Zip(f.Values).All(pair => pair.First is { } item && Compare(item, pair.Second) == 0),
            LikeFilter f => Text(Find(f.Field, metadata).Value) is { } text
                && Like([.. text.EnumerateRunes()], [.. f.Pattern.EnumerateRunes()]),
            ContainsFilter f => Find(f.Field, metadata).Value switch
            {
                JsonArray array => array.Any(element => element is not null && Compare(element, f.Value) == 0),
                { } value => f.Value.Value is string part && Text(value)?.Contains(part, StringComparison.Ordinal) == true,
                null => false,
            },
            _ => throw new ArgumentException(filter.GetType().Name),
        };

    private static (bool Exists, JsonNode? Value) Find(FieldPath field, JsonObject metadata)
    {
        JsonNode? node = metadata;
        foreach (string name in field.Names)
        {
            if (node is not JsonObject parent || !parent.TryGetPropertyValue(name, out node))
                return (false, null);
        }

        return (true, node);
    }

    // Null: of different types, so no comparison holds.
    private static int? Compare(JsonNode value, FilterValue other) =>
        (value.GetValueKind(), other.Value) switch
        {
            (JsonValueKind.String, string text) => Encoding
                .UTF8.GetBytes(Text(value)!)
                .AsSpan()
                .SequenceCompareTo(Encoding.UTF8.GetBytes(text)),
            (JsonValueKind.Number, long or double) => Compare(Number(value.ToJsonString()), other.Value),
            (JsonValueKind.True, bool truth) => truth ? 0 : null,
            (JsonValueKind.False, bool truth) => truth ? null : 0,
            _ => null,
        };

    // A whole number of 64 bits is exact, any other number is a double.
    private static object Number(string json) =>
        long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            ? (object)whole
            : double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int Compare(object left, object right) =>
        (left, right) switch
        {
            (long a, long b) => a.CompareTo(b),
            (double a, double b) => a.CompareTo(b),
            (long a, double b) => -Compare(b, a),
            (double a, long b) when double.IsInfinity(a) => Math.Sign(a),
            (double a, long b) when new BigInteger(Math.Floor(a)) is var floor => floor == b && a != Math.Floor(a) ? 1 : floor.CompareTo(b),
            _ => throw new ArgumentException("not a number"),
        };

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static bool Like(ReadOnlySpan<Rune> text, ReadOnlySpan<Rune> pattern)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0].Value == '%')
        {
            for (int skip = 0; skip <= text.Length; skip++)
            {
                if (Like(text[skip..], pattern[1..]))
                    return true;
            }

            return false;
        }

        if (text.IsEmpty)
            return false;
        if (pattern[0].Value == '\\' && pattern.Length > 1 && pattern[1].Value is '%' or '_' or '\\')
            return text[0] == pattern[1] && Like(text[1..], pattern[2..]);
        return (pattern[0].Value == '_' || pattern[0] == text[0]) && Like(text[1..], pattern[1..]);
    }
}
