using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Search.Storage.Keywords;
using Sextant.Search.Storage.Sqlite;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage.Keywords;

public sealed class BigramTableTests : IDisposable
{
    private static readonly SearchOptions ByWords = new() { Mode = SearchMode.Keyword };

    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("c.sextant");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Collection_without_the_bigram_table_finds_the_same_documents()
    {
        await FillAsync();
        Execute("drop table bigrams");

        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(Collection, WordModel.Options());

        Assert.Equal("tokyo", Assert.Single(await engine.SearchAsync("天気", 5, ByWords)).Id);
        Assert.Equal(
            ["tokyo", "english"],
            (await engine.SearchAsync("weather 天気の", 5, ByWords)).Select(hit => hit.Id).OrderDescending()
        );
        Assert.Equal("english", Assert.Single(await engine.SearchAsync("weather", 5, ByWords)).Id);
    }

    [Fact]
    public async Task Inconsistent_bigram_table_is_detected_and_rebuilt()
    {
        await FillAsync();
        Execute("delete from bigrams");
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(Collection, WordModel.Options());

        Assert.Contains("bigrams", Assert.Single((await engine.Maintenance.VerifyAsync()).Problems));
        Assert.Empty(await engine.SearchAsync("天気", 5, ByWords));
        await engine.Maintenance.CompactAsync();

        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
        Assert.Equal("tokyo", Assert.Single(await engine.SearchAsync("天気", 5, ByWords)).Id);
    }

    [Fact]
    public async Task Upgrade_fills_the_bigram_table()
    {
        await FillAsync();
        Execute("drop table bigrams");
        using (SqliteConnection connection = CollectionDatabase.OpenToWrite(new(Collection)))
            BigramTable.Add(connection);

        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(Collection, WordModel.Options());

        Assert.Equal("tokyo", Assert.Single(await engine.SearchAsync("天気", 5, ByWords)).Id);
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
    }

    private async Task FillAsync()
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(Collection, WordModel.Options());
        await engine.AddDocumentsAsync([
            new Document("今日の天気は晴れです") { Id = "tokyo" },
            new Document("the weather") { Id = "english" },
        ]);
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = CollectionDatabase.OpenToWrite(new(Collection));
        SqliteFile.Execute(connection, sql);
    }
}
