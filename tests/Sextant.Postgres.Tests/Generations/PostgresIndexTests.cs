using Npgsql;
using Sextant.Search;
using Sextant.Sources;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Postgres.Tests.Generations;

public sealed class PostgresIndexTests(PostgresFixture server)
{
    private const int Documents = 1_200;

    [Theory]
    [InlineData("hnsw", true)]
    [InlineData("halfvec", true)]
    [InlineData("binary", true)]
    [InlineData("none", false)]
    public async Task Index_is_built_at_the_end_of_a_run_and_finds_the_nearest(string kind, bool hasIndex)
    {
        string name = $"test_{kind}_{Guid.NewGuid():N}";
        await PreferIndexesAsync();
        await using SemanticSearchEngine engine = await OpenAsync(name, $"index={kind}");
        using TempFolder folder = new();
        string file = folder.File("texts.txt");
        await File.WriteAllLinesAsync(
            file,
            Enumerable.Range(0, Documents).Select(i => $"word{i % 40} word{i % 31} word{i % 23} number{i}")
        );
        CollectionIndexerOptions lines = new()
        {
            ChunkTokens = 0,
            Reader = new() { PlainText = Sextant.Sources.PlainTextUnit.Line },
        };

        Assert.Equal(Documents, (await new CollectionIndexer(engine, lines).IndexAsync([file])).Added);

        await using NpgsqlConnection connection = await server.ConnectAsync();
        using NpgsqlCommand find = new("select to_regclass($1) is not null", connection)
        {
            Parameters = { new() { Value = $"sextant.\"{name}_nearest\"" } },
        };
        Assert.Equal(hasIndex, (bool)(await find.ExecuteScalarAsync())!);
        int found = 0;
        for (int i = 0; i < 40; i++)
        {
            string query = $"word{i} word{(i * 7) % 31} number{i}";
            IReadOnlyList<SearchResult> truth = await engine.SearchAsync(query, 10, new() { Exact = true }),
                hits = await engine.SearchAsync(query, 10);
            Assert.Equal(10, hits.Count);
            found += hits.Count(hit => hit.Score >= truth[^1].Score - 1e-5f);
        }

        Assert.InRange(found, kind == "binary" ? 360 : 392, 400);
        Assert.Equal(12, (await engine.SearchAsync("number7", 12, new() { Filter = "source is null" })).Count);
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
        await engine.Maintenance.CompactAsync();
        CollectionInfo info = await engine.GetInfoAsync();
        Assert.Equal(Documents, info.Documents);
        Assert.InRange(info.DocumentsBytes, Documents * WordModel.Dimensions * sizeof(float), long.MaxValue);
        Assert.InRange(info.IndexBytes, 1, long.MaxValue);
    }

    [Fact]
    public async Task Query_plan_uses_the_index()
    {
        string name = $"test_plan_{Guid.NewGuid():N}";
        await server.SkipOnCitusAsync();
        await using (SemanticSearchEngine engine = await OpenAsync(name, ""))
            await engine.AddDocumentsAsync(Enumerable.Range(0, Documents).Select(i => $"word{i % 40} number{i}"));

        await using NpgsqlConnection connection = await server.ConnectAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        string vector = $"'[{string.Join(',', Enumerable.Repeat("0.1", WordModel.Dimensions))}]'";
        using NpgsqlCommand explain = new(
            $"set local enable_seqscan = off; explain select key from sextant.\"{name}_documents\" order by vector <#> {vector} limit 10",
            connection
        );
        List<string> plan = [];
        await using (NpgsqlDataReader row = await explain.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
                plan.Add(row.GetString(0));
        }

        Assert.Contains(plan, line => line.Contains($"{name}_nearest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Partitioned_collection_moves_documents_and_queries_only_the_needed_partition()
    {
        string name = $"test_part_{Guid.NewGuid():N}";
        await server.SkipOnCitusAsync();
        await using SemanticSearchEngine engine = await OpenAsync(name, "partition=tenant");
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 60)
                .Select(i => new Document($"text number{i}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["tenant"] = i % 3, ["n"] = i },
                })
        );

        await engine.AddDocumentsAsync([
            new Document("text moved")
            {
                Id = "0",
                Metadata = new() { ["tenant"] = "other" },
            },
        ]);
        await engine.AddDocumentsAsync([
            new Document("text number1")
            {
                Id = "1",
                Metadata = new() { ["tenant"] = 2.0 },
            },
        ]);

        Assert.Equal(60, await engine.CountAsync());
        Assert.Equal("0", Assert.Single(await engine.SearchAsync("text", 60, new() { Filter = "tenant = 'other'" })).Id);
        Assert.Equal(21, (await engine.SearchAsync("text", 60, new() { Filter = "tenant = 2 and n is not null or tenant = 2" })).Count);
        Assert.Equal(21, (await engine.SearchAsync("text", 60, new() { Filter = "tenant = 2" })).Count);
        Assert.Equal(19, (await engine.SearchAsync("text", 60, new() { Filter = "tenant = 0 and n >= 0" })).Count);
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
    }

    // Of a small table the planner would rather read everything, and then the index would not be tried at all.
    private async Task PreferIndexesAsync()
    {
        await using NpgsqlConnection connection = await server.ConnectAsync();
        using NpgsqlCommand set = new("set enable_seqscan = off", connection);
        await set.ExecuteNonQueryAsync();
    }

    private Task<SemanticSearchEngine> OpenAsync(string name, string settings)
    {
        // Node's server is one session, to which the wish above applies; any other takes it when a session begins.
        if (server.IsWhole)
            settings += $"{(settings.Length == 0 ? "" : "&")}Options=-c%20enable_seqscan%3Doff";
        return SemanticSearchEngine.OpenAsync(
            server.Location(name, settings),
            WordModel.Options() with
            {
                CollectionProviders = [new PostgresProvider()],
            }
        );
    }
}
