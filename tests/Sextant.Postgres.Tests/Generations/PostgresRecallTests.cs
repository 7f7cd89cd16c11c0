using Npgsql;
using Sextant.Search;
using Sextant.Tests.Shared.Search;

namespace Sextant.Postgres.Tests.Generations;

public sealed class PostgresRecallTests(PostgresFixture server)
{
    private const int Documents = 1_200;

    [Fact]
    public async Task Measured_ef_search_is_stored_for_later_searches()
    {
        string name = $"test_recall_{Guid.NewGuid():N}";
        await using SemanticSearchEngine engine = await OpenAsync(name);
        await engine.AddDocumentsAsync(Enumerable.Range(0, Documents).Select(i => $"word{i % 40} word{i % 31} word{i % 23} number{i}"));
        await engine.Maintenance.CompactAsync();

        RecallReport before = await engine.Maintenance.MeasureRecallAsync(k: 10, samples: 30);
        RecallReport tuned = await engine.Maintenance.TuneEfSearchAsync(0.9, k: 10, samples: 30);

        Assert.Equal((30, 10), (before.Samples, before.K));
        Assert.InRange(before.Recall, before.Low, before.High);
        Assert.InRange(tuned.Recall, 0.9, 1);
        Assert.InRange(tuned.EfSearch, 8, before.EfSearch);
        Assert.Equal(tuned.EfSearch, (await engine.GetInfoAsync()).Index.EfSearch);
        await using SemanticSearchEngine again = await OpenAsync(name);
        Assert.Equal(tuned.EfSearch, (await again.GetInfoAsync()).Index.EfSearch);
        Assert.Equal(tuned.EfSearch, (await again.Maintenance.MeasureRecallAsync(k: 10, samples: 10)).EfSearch);
        Assert.Empty(await again.Maintenance.RepairAsync());
    }

    [Fact]
    public async Task Repair_builds_a_missing_index()
    {
        string name = $"test_repair_{Guid.NewGuid():N}";
        await using (SemanticSearchEngine engine = await OpenAsync(name))
            await engine.AddDocumentsAsync(Enumerable.Range(0, Documents).Select(i => $"word{i % 40} number{i}"));
        await using (NpgsqlConnection connection = await server.ConnectAsync())
        {
            using NpgsqlCommand drop = new($"drop index sextant.\"{name}_nearest\"", connection);
            await drop.ExecuteNonQueryAsync();
        }

        await using SemanticSearchEngine again = await OpenAsync(name);

        Assert.Contains("missing", Assert.Single(await again.Maintenance.RepairAsync()));
        Assert.Empty(await again.Maintenance.RepairAsync());
    }

    [Fact]
    public async Task Recall_of_a_single_document_is_not_measured()
    {
        await using SemanticSearchEngine engine = await OpenAsync($"test_one_{Guid.NewGuid():N}");
        await engine.AddDocumentsAsync(["alone"]);

        Assert.Equal(0, (await engine.Maintenance.MeasureRecallAsync()).Samples);
        Assert.Contains(
            "too few documents",
            (await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.TuneEfSearchAsync(0.9))).Message
        );
    }

    private Task<SemanticSearchEngine> OpenAsync(string name) =>
        SemanticSearchEngine.OpenAsync(server.Location(name), WordModel.Options() with { CollectionProviders = [new PostgresProvider()] });
}
