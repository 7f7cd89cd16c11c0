using System.Text.Json.Nodes;
using CsCheck;
using Npgsql;
using NpgsqlTypes;
using Sextant.Postgres.Queries;
using Sextant.Postgres.Tables;
using Sextant.Search.Filters;
using Sextant.Tests.Shared.Filters;

namespace Sextant.Postgres.Tests.Queries;

public sealed class PostgresFilterTests(PostgresFixture server)
{
    private static readonly PostgresTable Table = new("any", 8, VectorIndexKind.Full, null);

    [Fact]
    public async Task SQL_translation_agrees_with_the_reference()
    {
        await using NpgsqlConnection connection = await server.ConnectAsync();
        // Many at a time, because each question is a journey.
        Gen.Select(FilterGen.Filter, FilterGen.Metadata.Array[20])
            .Sample(
                (filter, metadata) =>
                {
                    JsonObject[] objects = [.. metadata.Select(m => m!.AsObject())];
                    Assert.Equal(objects.Select(m => FilterReference.Matches(filter, m)), Run(connection, filter, objects));
                },
                iter: 400,
                threads: 1,
                print: t => $"{t.Item1} on [{string.Join(", ", t.Item2.Select(m => m!.ToJsonString(FilterGen.Relaxed)))}]"
            );
    }

    [Fact]
    public async Task PostgreSQL_accepts_the_largest_filter_that_parses()
    {
        await using NpgsqlConnection connection = await server.ConnectAsync();
        string chain = string.Join(" or ", Enumerable.Range(0, 255).Select(i => $"a = {i}"));

        Assert.Equal([true], Run(connection, FilterExpression.Parse($"a = 127 and ({chain})"), [new JsonObject { ["a"] = 127 }]));
    }

    private static List<bool> Run(NpgsqlConnection connection, FilterExpression filter, JsonObject[] metadata)
    {
        PostgresFilter sql = PostgresFilter.Translate(filter, Table, 2);
        using NpgsqlCommand command = new(
            $"select {sql.Condition} from (select m::jsonb as fields, n from unnest($1) with ordinality as all_of(m, n)) t order by n",
            connection
        );
        command.Parameters.Add(
            new()
            {
                Value = metadata.Select(m => FilterableFields.Create(m.ToJsonString(FilterGen.Relaxed))).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Text | NpgsqlDbType.Array,
            }
        );
        foreach (NpgsqlParameter parameter in sql.Parameters)
            command.Parameters.Add(parameter);
        using NpgsqlDataReader row = command.ExecuteReader();
        List<bool> answers = [];
        while (row.Read())
            answers.Add(row.GetBoolean(0));
        return answers;
    }
}
