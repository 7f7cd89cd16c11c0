using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sextant.Search.Filters;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>A filter is refused, or means the same when printed and parsed again, and the same to SQLite as in memory.</summary>
#pragma warning disable CA1001 // CloseAsync ends what it owns.
internal sealed class FuzzedFilter() : FaultKind("filter")
#pragma warning restore CA1001
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Mutator _mutator = new(
        (string[])
            [
                "lang = 'en' and year >= 2020",
                "not (a = 1 or b = 2) and c not in (3, 'x', true)",
                "author.name like 'A%' or \"file.name\" = 'it''s'",
                "tags contains 'b' and exists year",
                "a is not null and b != null or price < 1.5e3",
                "(a = -1 or (b <> 'é' and not c is null)) and d <= 9007199254740993",
            ],
        " and ",
        " or ",
        "not ",
        " in ",
        " like ",
        " is null",
        "exists ",
        " contains ",
        "year",
        "tags",
        "author",
        "name",
        "price",
        "flag",
        "!=",
        "<>",
        "<=",
        ">=",
        "=="
    );

    private readonly JsonObject[] _metadata =
    [
        .. (
            (string[])
                [
                    "{}",
                    """{"lang":"en","year":2020,"tags":["a","b"],"author":{"name":"Ada"}}""",
                    """{"lang":"EN","year":2021.5,"price":1.0,"flag":true,"a":1,"b":2,"c":3}""",
                    """{"file.name":"it's","a":null,"b":"é","c":[],"tags":"abc","d":9007199254740992}""",
                    """{"a":-1,"author":{"name":null},"price":1500,"d":9007199254740993,"year":"2020"}""",
                    """{"a":"世界🦊","b":"a%b_c\\","flag":false,"tags":[1,2,null,true],"name":{"a":{"b":1}}}""",
                ]
        ).Select(text => JsonNode.Parse(text)!.AsObject()),
    ];

    private SqliteConnection _connection = new("Data Source=:memory:");

    public override Task<FaultOutcome> TryAsync(int seed)
    {
        string text = _mutator.MutateText(seed);
        FilterExpression filter = FilterExpression.Parse(text);
        return Task.FromResult(Printed(filter, text) ?? Evaluated(filter, text) ?? FaultOutcome.Sound);
    }

    public override async Task CloseAsync() => await _connection.DisposeAsync();

    protected override Task PrepareAsync()
    {
        _connection = new("Data Source=:memory:");
        return _connection.OpenAsync();
    }

    private static FaultOutcome? Printed(FilterExpression filter, string text)
    {
        string printed = FilterPrinter.Print(filter);
        FilterExpression again;
        try
        {
            again = FilterExpression.Parse(printed);
        }
        catch (InputException e)
            when (e.Message.Contains("nested", StringComparison.Ordinal) || e.Message.Contains("the limit is", StringComparison.Ordinal))
        {
            // "a != b" is printed as "not a = b", which is one deeper, and quotes take room.
            return null;
        }

        // Lists are equal by their items when printed.
        return FilterPrinter.Print(again) == printed
            ? null
            : FaultOutcome.Failed($"{text} is printed as {printed} and read as {FilterPrinter.Print(again)}");
    }

    private FaultOutcome? Evaluated(FilterExpression filter, string text)
    {
        foreach (JsonObject metadata in _metadata)
        {
            FilterSql sql = FilterSql.Translate(filter, "metadata");
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = $"select {sql.Condition} from (select $m as metadata)";
            command.Parameters.AddWithValue("$m", metadata.ToJsonString(Relaxed));
            command.Parameters.AddRange(sql.Parameters);
            bool stored = Equals(command.ExecuteScalar(), 1L),
                inMemory = FilterEvaluator.Matches(filter, metadata);
            if (stored != inMemory)
                return FaultOutcome.Failed($"{text} on {metadata.ToJsonString(Relaxed)}: {stored} in SQLite, {inMemory} in memory");
        }

        return null;
    }
}
