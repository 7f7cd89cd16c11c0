using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Sextant.Search.Filters;

namespace Sextant.Tests.Shared.Filters;

/// <summary>
/// Any filter over any metadata, for every translation of the filter language to be held against <see cref="FilterReference"/>.
/// </summary>
internal static class FilterGen
{
    public static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Few names and few values, so that conditions meet what they ask for often.
    private static readonly Gen<string> Name = Gen.OneOf(
        "a",
        "b",
        "größe",
        "x.y",
        "it's",
        "say \"hi\"",
        "back\\slash",
        "and",
        "drop table",
        "0",
        ""
    );
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(
            "",
            "en",
            "de",
            "EN",
            "a%b",
            "a_b",
            "a*b",
            "a?b",
            "[x]",
            "it's",
            "\"",
            "\\",
            "'; drop table documents; --",
            "1",
            "true",
            "😀b",
            "\uffee",
            "null"
        ),
        Gen.String[Gen.Char["ab%_*[]😀\\'"], 0, 6].Where(IsWellFormed)
    );

    private static readonly Gen<FilterValue> Value = Gen.OneOf(
        Text.Select(FilterValue.Text),
        Gen.Long[-3, 3].Select(FilterValue.Number),
        Gen.OneOf(long.MaxValue, long.MinValue, 1L << 53).Select(FilterValue.Number),
        Gen.OneOf(long.MaxValue - 1, (1L << 53) + 1, 1L << 60, (1L << 60) + 1).Select(FilterValue.Number),
        Gen.OneOf(0.5, -2.0, 3.0, 1e6, 0.1).Select(FilterValue.Number),
        Gen.OneOf(9223372036854775808.0, 18446744073709551616.0, 1152921504606846976.0, -1e300, 0.30000000000000004, 5e-324)
            .Select(FilterValue.Number),
        Gen.Bool.Select(FilterValue.Boolean)
    );

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf(
        Value.Select(v => (JsonNode?)JsonValue.Create(v.Value)),
        // Numbers that no 64 bits hold, and more digits than a double has.
        Gen.OneOf(
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775809",
                "18446744073709551617",
                "1152921504606846976.0",
                "9007199254740993",
                "0.1000000000000000055511151231257827",
                "0.30000000000000004",
                "1e400",
                "-1e400",
                "1e-400",
                "1E2",
                "-0.0",
                "123456789012345678901234567890.5"
            )
            .Select(json => JsonNode.Parse(json)),
        Gen.Const((JsonNode?)null)
    );

    private static readonly Gen<JsonNode?> Node = Gen.Frequency(
        (6, Scalar),
        (1, Scalar.Array[0, 3].Select(nodes => (JsonNode?)new JsonArray([.. nodes]))),
        (2, Gen.Select(Name, Scalar).Array[0, 3].Select(Object))
    );

    public static readonly Gen<JsonNode?> Metadata = Gen.Select(Name, Node).Array[0, 4].Select(Object);

    private static readonly Gen<FieldPath> Field = Name.Where(n => n.Length > 0).Array[1, 2].Select(names => new FieldPath(names));

    private static readonly Gen<FilterExpression> Leaf = Gen.OneOf(
        Gen.Select(Field, Gen.Enum<FilterComparison>(), Value)
            .Where(t => t.Item2 == FilterComparison.Equal || !t.Item3.IsBoolean)
            .Select(t => (FilterExpression)new ComparisonFilter(t.Item1, t.Item2, t.Item3)),
        Gen.Select(Field, Value.Array[1, 4]).Select((f, v) => (FilterExpression)new InFilter(f, v)),
        Gen.Select(Field, Value.Array[1, 4]).Select((f, v) => (FilterExpression)new AnyInFilter(f, v)),
        Gen.Select(Field, Value.Array[0, 3]).Select((f, v) => (FilterExpression)new ArrayFilter(f, v)),
        Field.Select(f => (FilterExpression)new ExistsFilter(f)),
        Field.Select(f => (FilterExpression)new IsNullFilter(f)),
        Gen.Select(Field, Text).Select((f, t) => (FilterExpression)new LikeFilter(f, t)),
        Gen.Select(Field, Value).Select((f, v) => (FilterExpression)new ContainsFilter(f, v))
    );

    public static readonly Gen<FilterExpression> Filter = Gen.Recursive<FilterExpression>(
        (depth, inner) =>
            depth > 4
                ? Leaf
                : Gen.Frequency(
                    (3, Leaf),
                    (1, inner.Select(f => (FilterExpression)new NotFilter(f))),
                    (1, Gen.Select(inner, inner).Select((l, r) => (FilterExpression)new AndFilter(l, r))),
                    (1, Gen.Select(inner, inner).Select((l, r) => (FilterExpression)new OrFilter(l, r)))
                )
    );

    private static JsonNode? Object((string Name, JsonNode? Node)[] fields)
    {
        JsonObject result = [];
        foreach ((string name, JsonNode? node) in fields)
            result[name] = node?.DeepClone();
        return result;
    }

    private static bool IsWellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
