using Sextant.Tests.Search;
using Sextant.Tests.Search.Stores;
using Sextant.Vectors;

namespace Sextant.Postgres.Tests;

/// <summary>The contract, kept by PostgreSQL.</summary>
public sealed class PostgresStoreTests(PostgresFixture server) : StoreContract
{
    [Theory]
    [InlineData("天気", "tokyo")]
    [InlineData("天气", "beijing")]
    [InlineData("気", "tokyo")]
    [InlineData("雨", "rain")]
    [InlineData("明日の天気", "tokyo,rain")]
    [InlineData("ガラス", "glass")]
    [InlineData("날씨", "seoul")]
    [InlineData("ยินดี", "bangkok")]
    [InlineData("iphone15", "phone")]
    [InlineData("電池", "phone")]
    [InlineData("電池 weather", "phone,english")]
    public async Task Texts_in_scripts_without_spaces_are_found_by_their_parts(string query, string expected)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
        [
            new Document("今日の天気は晴れです。") { Id = "tokyo" }, new Document("明日は雨が降るでしょう") { Id = "rain" },
            new Document("北京的天气很好") { Id = "beijing" }, new Document("สวัสดีครับ ยินดีต้อนรับ") { Id = "bangkok" },
            new Document("오늘 날씨가 좋다") { Id = "seoul" }, new Document("iPhone15の電池") { Id = "phone" },
            new Document("the weather") { Id = "english" }, new Document("ｶﾞﾗｽの窓") { Id = "glass" },
        ]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync(query, 5, new() { Mode = SearchMode.Keyword });

        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(), hits.Select(hit => hit.Id).Order());
        await engine.AddDocumentsAsync([new Document("changed") { Id = "tokyo" }]);
        await engine.DeleteAsync("phone");
        string[] gone = ["tokyo", "phone"];
        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Except(gone).Order(),
            (await engine.SearchAsync(query, 5, new() { Mode = SearchMode.Keyword })).Select(hit => hit.Id).Order());
        Assert.True((await engine.VerifyAsync()).IsHealthy);
    }

    [Fact]
    public async Task Readers_beside_writers_see_each_document_whole()
    {
        const int Documents = 40, Rounds = 25;
        await using SemanticSearchEngine engine = await OpenAsync();
        await WriteRoundAsync(0);

        Task writing = Task.Run(async () =>
        {
            for (int round = 1; round <= Rounds; round++)
            {
                await WriteRoundAsync(round);
                await engine.DeleteAsync([$"{round % Documents}", $"{(round * 7) % Documents}"]);
            }
        });
        int rows = 0;
        do
        {
            await foreach (Document document in engine.ListAsync()) RequireWhole(document);
            if (await engine.GetAsync($"{rows % Documents}") is { } one) RequireWhole(one);
            foreach (SearchResult hit in await engine.SearchAsync("document", 5))
                Assert.Equal(hit.Text.Split(' ')[2], $"round{hit.Metadata["round"]}");
        }
        while (!writing.IsCompleted);
        await writing;
        Assert.NotEqual(0, rows);

        Task WriteRoundAsync(int round) => engine.AddDocumentsAsync(Enumerable.Range(0, Documents).Select(i =>
            new Document($"document number{i} round{round}") { Id = $"{i}", Metadata = new() { ["round"] = round } }));

        void RequireWhole(Document document)
        {
            rows++;
            Assert.Equal(document.Text.Split(' ')[2], $"round{document.Metadata!["round"]}");
            Assert.Equal(1f, VectorMath.Dot(Unit(document.Text), document.Vector!.Value.Span), 5);
        }
    }

    protected override Task<SemanticSearchEngine> OpenAsync(string name, SemanticSearchEngineOptions options) =>
        SemanticSearchEngine.OpenAsync(server.Location(name), options with { Collections = [new PostgresProvider()] });

    private static float[] Unit(string text)
    {
        float[] vector = WordModel.Embed(text);
        VectorMath.Normalize(vector);
        return vector;
    }
}
