using Npgsql;
using Sextant.Sources;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Postgres.Tests;

/// <summary>What only a whole PostgreSQL can be asked, named by <c>SEXTANT_TEST_POSTGRES</c>.</summary>
public sealed class RealServerTests(PostgresFixture server)
{
    private const int Documents = 2_000;

    private readonly string _name = $"test_{Guid.NewGuid():N}";

    [Fact]
    public async Task Killed_connections_are_retried_without_loss()
    {
        RequireWhole();
        using TempFolder folder = new();
        string file = folder.File("texts.txt");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, Documents).Select(i => $"word{i % 40} number{i}"));
        await using SemanticSearchEngine engine = await OpenAsync($"application_name={_name}");
        CollectionIndexerOptions lines = new()
        {
            ChunkTokens = 0,
            BatchSize = 100,
            Reader = new() { PlainText = Sextant.Sources.PlainTextUnit.Line },
        };

        IndexingResult result = await new CollectionIndexer(engine, lines).IndexAsync([file], new Killing(this));
        for (int i = 0; i < 5; i++)
        {
            Task<IReadOnlyList<SearchResult>> searching = engine.SearchAsync("word7 number7", 1);
            await KillAsync();
            Assert.Equal("word7 number7", (await searching)[0].Text);
        }

        Assert.Equal(Documents, result.Total);
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Concurrent_writers_of_the_same_documents_all_succeed_and_one_wins()
    {
        RequireWhole();
        SemanticSearchEngine[] engines = [await OpenAsync(), await OpenAsync(), await OpenAsync(), await OpenAsync()];
        try
        {
            // Many enough to go by COPY, in orders that would lock each other out, some new and some there already.
            await Task.WhenAll(
                engines.Select(
                    (engine, e) =>
                        Task.Run(async () =>
                        {
                            for (int round = 0; round < 6; round++)
                            {
                                int[] ids = [.. Enumerable.Range(0, 150)];
                                new Random((e * 100) + round).Shuffle(ids);
                                await engine.AddDocumentsAsync(
                                    ids.Select(id => new Document($"document{id} round{round}") { Id = $"{id}" })
                                );
                                await engine.DeleteAsync([$"{(e * 30) + round}"]);
                            }
                        })
                )
            );

            List<Document> there = [];
            await foreach (Document document in engines[0].ListAsync())
                there.Add(document);
            Assert.Equal(there.Count, there.Select(d => d.Id).Distinct().Count());
            Assert.InRange(there.Count, 150 - 24, 150);
            Assert.All(there, d => Assert.StartsWith($"document{d.Id} round", d.Text, StringComparison.Ordinal));
            Assert.Empty((await engines[0].Maintenance.VerifyAsync()).Problems);
        }
        finally
        {
            foreach (SemanticSearchEngine engine in engines)
                await engine.DisposeAsync();
        }
    }

    private void RequireWhole()
    {
        server.Location(_name);
        if (!server.IsWhole)
            Assert.Skip("a whole PostgreSQL is needed, named by SEXTANT_TEST_POSTGRES");
    }

    private Task<SemanticSearchEngine> OpenAsync(string settings = "") =>
        SemanticSearchEngine.OpenAsync(
            server.Location(_name, settings),
            WordModel.Options() with
            {
                CollectionProviders = [new PostgresProvider()],
            }
        );

    private async Task KillAsync()
    {
        await using NpgsqlConnection connection = await server.ConnectAsync();
        using NpgsqlCommand kill = new("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", connection)
        {
            Parameters = { new() { Value = _name } },
        };
        await kill.ExecuteNonQueryAsync();
    }

    private sealed class Killing(RealServerTests test) : IProgress<IndexingProgress>
    {
        private long _next;

        public void Report(IndexingProgress value)
        {
            if (value.Indexed < _next)
                return;
            _next = value.Indexed + (Documents / 8);
            test.KillAsync().GetAwaiter().GetResult();
        }
    }
}
