using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Data.Sqlite;
using Sextant.Search.Filters;

namespace Sextant.Tests.Search.Filters;

public sealed class FilterSqlTests : IDisposable
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Few names and few values, so that conditions meet what they ask for often.
    private static readonly Gen<string> Name = Gen.OneOf(
        "a", "b", "größe", "x.y", "it's", "say \"hi\"", "back\\slash", "and", "drop table", "0", "");
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(
            "", "en", "de", "EN", "a%b", "a_b", "a*b", "a?b", "[x]", "it's", "\"", "\\", "'; drop table documents; --", "1", "true",
            "😀b", "\uffee", "null"),
        Gen.String[Gen.Char["ab%_*[]😀\\'"], 0, 6].Where(IsWellFormed));

    private static readonly Gen<FilterValue> Value = Gen.OneOf(
        Text.Select(FilterValue.Text),
        Gen.Long[-3, 3].Select(FilterValue.Number),
        Gen.OneOf(long.MaxValue, long.MinValue, 1L << 53).Select(FilterValue.Number),
        Gen.OneOf(0.5, -2.0, 3.0, 1e6, 0.1).Select(FilterValue.Number),
        Gen.Bool.Select(FilterValue.Boolean));

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf(
        Value.Select(v => (JsonNode?)JsonValue.Create(v.Value)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> Node = Gen.Frequency(
        (6, Scalar),
        (1, Scalar.Array[0, 3].Select(nodes => (JsonNode?)new JsonArray([.. nodes]))),
        (2, Gen.Select(Name, Scalar).Array[0, 3].Select(Object)));

    private static readonly Gen<JsonNode?> Metadata = Gen.Select(Name, Node).Array[0, 4].Select(Object);

    private static readonly Gen<FieldPath> Field = Name.Where(n => n.Length > 0).Array[1, 2].Select(names => new FieldPath(names));

    private static readonly Gen<FilterExpression> Leaf = Gen.OneOf(
        Gen.Select(Field, Gen.Enum<FilterComparison>(), Value)
            .Where(t => t.Item2 == FilterComparison.Equal || !t.Item3.IsBoolean)
            .Select(t => (FilterExpression)new ComparisonFilter(t.Item1, t.Item2, t.Item3)),
        Gen.Select(Field, Value.Array[1, 4]).Select((f, v) => (FilterExpression)new InFilter(f, v)),
        Field.Select(f => (FilterExpression)new ExistsFilter(f)),
        Field.Select(f => (FilterExpression)new IsNullFilter(f)),
        Gen.Select(Field, Text).Select((f, t) => (FilterExpression)new LikeFilter(f, t)),
        Gen.Select(Field, Value).Select((f, v) => (FilterExpression)new ContainsFilter(f, v)));

    private static readonly Gen<FilterExpression> Filter = Gen.Recursive<FilterExpression>((depth, inner) => depth > 4
        ? Leaf
        : Gen.Frequency(
            (3, Leaf),
            (1, inner.Select(f => (FilterExpression)new NotFilter(f))),
            (1, Gen.Select(inner, inner).Select((l, r) => (FilterExpression)new AndFilter(l, r))),
            (1, Gen.Select(inner, inner).Select((l, r) => (FilterExpression)new OrFilter(l, r)))));

    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public FilterSqlTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void The_translation_says_the_same_as_the_reference() =>
        Gen.Select(Filter, Metadata).Sample(
            (filter, metadata) => Run(filter, metadata!.AsObject()) == FilterReference.Matches(filter, metadata.AsObject()),
            iter: 20_000,
            threads: 1,
            print: t => $"{t.Item1} on {t.Item2!.ToJsonString(Relaxed)}");

    [Theory]
    [InlineData("year >= 2020", """{"year":2020}""", true)]
    [InlineData("year >= 2020", """{"year":"2021"}""", false)]
    [InlineData("year >= 2020", "{}", false)]
    [InlineData("year != 2020", "{}", true)]
    [InlineData("exists year and year != 2020", "{}", false)]
    [InlineData("flag = true", """{"flag":1}""", false)]
    [InlineData("flag = 1", """{"flag":true}""", false)]
    [InlineData("flag in (true, 'yes')", """{"flag":true}""", true)]
    [InlineData("price = 1", """{"price":1.0}""", true)]
    [InlineData("author.name like 'A%'", """{"author":{"name":"Ada"}}""", true)]
    [InlineData("author.name like 'a%'", """{"author":{"name":"Ada"}}""", false)]
    [InlineData("tags contains 'b'", """{"tags":["a","b"]}""", true)]
    [InlineData("tags contains 'b'", """{"tags":"abc"}""", true)]
    [InlineData("tags contains 2", """{"tags":[1,2]}""", true)]
    [InlineData("tags not contains 'z'", """{"tags":["a","b"]}""", true)]
    [InlineData("a is null", """{"a":null}""", true)]
    [InlineData("exists a", """{"a":null}""", true)]
    [InlineData("a is not null", """{"a":[]}""", true)]
    [InlineData("\"a.b\" = 1", """{"a.b":1,"a":{"b":2}}""", true)]
    [InlineData("not (a = 1 or b = 2) and c not in (3)", """{"a":2,"b":1}""", true)]
    public void Examples_mean_what_the_documentation_says(string filter, string metadata, bool expected) =>
        Assert.Equal(expected, Run(FilterExpression.Parse(filter), JsonNode.Parse(metadata)!.AsObject()));

    [Fact]
    public void The_largest_filter_that_parses_is_one_that_sqlite_takes()
    {
        string chain = string.Join(" or ", Enumerable.Range(0, 128).Select(i => $"a = {i}"));
        string nested = string.Concat(Enumerable.Repeat("not (", 25)) + chain + new string(')', 25);
        Assert.False(Run(FilterExpression.Parse($"a = 127 and {nested}"), new JsonObject { ["a"] = 127 }));
    }

    private bool Run(FilterExpression filter, JsonObject metadata)
    {
        FilterSql sql = FilterSql.Translate(filter, "metadata");
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = $"select {sql.Condition} from (select $m as metadata)";
        command.Parameters.AddWithValue("$m", metadata.ToJsonString(Relaxed));
        command.Parameters.AddRange(sql.Parameters);
        return (long)command.ExecuteScalar()! == 1;
    }

    private static JsonNode? Object((string Name, JsonNode? Node)[] fields)
    {
        JsonObject result = [];
        foreach ((string name, JsonNode? node) in fields) result[name] = node?.DeepClone();
        return result;
    }

    private static bool IsWellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
