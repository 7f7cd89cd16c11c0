using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Data.Sqlite;
using Sextant.Search.Filters;
using Sextant.Tests.Shared.Filters;

namespace Sextant.Core.Tests.Search.Filters;

public sealed class FilterSqlTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public FilterSqlTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void SQL_translation_agrees_with_the_reference() =>
        Gen.Select(FilterGen.Filter, FilterGen.Metadata)
            .Sample(
                (filter, metadata) => Run(filter, metadata!.AsObject()) == FilterReference.Matches(filter, metadata.AsObject()),
                iter: 20_000,
                threads: 1,
                print: t => $"{t.Item1} on {t.Item2!.ToJsonString(FilterGen.Relaxed)}"
            );

    [Theory]
    [InlineData("year >= 2020", """{"year":2020}""", true)]
    [InlineData("year >= 2020", """{"year":"2021"}""", false)]
    [InlineData("year >= 2020", "{}", false)]
    [InlineData("year != 2020", "{}", true)]
    [InlineData("exists year and year != 2020", "{}", false)]
    [InlineData("flag = true", """{"flag":1}""", false)]
    [InlineData("flag = 1", """{"flag":true}""", false)]
    [InlineData("flag = true", """{"flag":true}""", true)]
    [InlineData("flag = true", """{"flag":false}""", false)]
    [InlineData("flag = false", """{"flag":false}""", true)]
    [InlineData("flag in (true, 'yes')", """{"flag":true}""", true)]
    [InlineData("flag in (true, 'yes')", """{"flag":"no"}""", false)]
    [InlineData("flags contains true", """{"flags":[1,true]}""", true)]
    [InlineData("flags contains false", """{"flags":[0,"false"]}""", false)]
    [InlineData("year == 2020", """{"year":2020}""", true)]
    [InlineData("year < 2020", """{"year":2020}""", false)]
    [InlineData("year <= 2020", """{"year":2020}""", true)]
    [InlineData("a = null", "{}", true)]
    [InlineData("a != null", """{"a":0}""", true)]
    [InlineData("name like 'A_a'", """{"name":"Ada"}""", true)]
    [InlineData("name like 'a*b?[c]'", """{"name":"a*b?[c]"}""", true)]
    [InlineData("name like 'a*'", """{"name":"ab"}""", false)]
    [InlineData("name like 'A_'", """{"name":"Ada"}""", false)]
    [InlineData("name like 'a\\_b'", """{"name":"a_b"}""", true)]
    [InlineData("name like 'a\\_b'", """{"name":"axb"}""", false)]
    [InlineData("name like 'a\\'", """{"name":"a\\"}""", true)]
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
    public void Documented_examples_match_the_documented_rows(string filter, string metadata, bool expected) =>
        Assert.Equal(expected, Run(FilterExpression.Parse(filter), JsonNode.Parse(metadata)!.AsObject()));

    [Fact]
    public void SQLite_accepts_the_largest_filter_that_parses()
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
        command.Parameters.AddWithValue("$m", metadata.ToJsonString(FilterGen.Relaxed));
        command.Parameters.AddRange(sql.Parameters);
        return (long)command.ExecuteScalar()! == 1;
    }
}
