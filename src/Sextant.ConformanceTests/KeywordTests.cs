using Sextant.Tests.Shared.Models;
using Sextant.Tests.Shared.Search;

namespace Sextant.ConformanceTests;

/// <summary>Searches by keywords.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class KeywordTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Keywords_ignore_case_and_accents_and_rarer_words_weigh_more()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("the café in the old town, error E1234") { Id = "cafe" },
            new Document("the house") { Id = "house" },
            new Document("the garden of the house") { Id = "garden" },
            new Document("the Straße") { Id = "street" },
        ]);
        SearchOptions words = new() { Mode = SearchMode.Keyword };

        Assert.Equal(["cafe"], (await engine.SearchAsync("CAFE", 5, words)).Select(hit => hit.Id));
        Assert.Equal(["cafe"], (await engine.SearchAsync("(e1234)", 5, words)).Select(hit => hit.Id));
        Assert.Equal(["street"], (await engine.SearchAsync("straße!", 5, words)).Select(hit => hit.Id));
        Assert.Equal("garden", (await engine.SearchAsync("the garden", 5, words))[0].Id);
        Assert.Empty(await engine.SearchAsync("nowhere", 5, words));
        Assert.Empty(await engine.SearchAsync("?!", 5, words));
    }

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
        await engine.AddDocumentsAsync([
            new Document("今日の天気は晴れです。") { Id = "tokyo" },
            new Document("明日は雨が降るでしょう") { Id = "rain" },
            new Document("北京的天气很好") { Id = "beijing" },
            new Document("สวัสดีครับ ยินดีต้อนรับ") { Id = "bangkok" },
            new Document("오늘 날씨가 좋다") { Id = "seoul" },
            new Document("iPhone15の電池") { Id = "phone" },
            new Document("the weather") { Id = "english" },
            new Document("ｶﾞﾗｽの窓") { Id = "glass" },
        ]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync(query, 5, new() { Mode = SearchMode.Keyword });

        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(), hits.Select(hit => hit.Id).Order());
        await engine.AddDocumentsAsync([new Document("changed") { Id = "tokyo" }]);
        await engine.DeleteAsync("phone");
        string[] gone = ["tokyo", "phone"];
        Assert.Equal(
            expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Except(gone).Order(),
            (await engine.SearchAsync(query, 5, new() { Mode = SearchMode.Keyword })).Select(hit => hit.Id).Order()
        );
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
    }

    [Fact]
    public async Task Keyword_search_scores_by_BM25_and_calls_no_model()
    {
        FakeGenerator model = WordModel.Create();
        await using SemanticSearchEngine engine = await OpenAsync(WordModel.Options(model));
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 20)
                .Select(i => new Document($"filler number{i}") { Id = $"f{i}" })
                .Append(new("rare words") { Id = "short" })
                .Append(new("rare words in a much longer text about something else") { Id = "long" })
        );
        int asked = model.Asked.Count();
        SearchOptions words = new() { Mode = SearchMode.Keyword };

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("rare", 5, words);

        Assert.Equal(["short", "long"], hits.Select(hit => hit.Id));
        Assert.All(hits, hit => Assert.Equal(ScoreKind.Bm25, hit.ScoreKind));
        Assert.True(hits[0].Score > hits[1].Score && hits[1].Score > 0);
        Assert.Equal(
            ["short"],
            (await engine.SearchAsync("rare", 5, words with { MinScore = (hits[0].Score + hits[1].Score) / 2 })).Select(hit => hit.Id)
        );
        Assert.Equal(asked, model.Asked.Count());
    }

    [Fact]
    public async Task Query_unknown_to_the_model_falls_back_to_keywords_with_a_note()
    {
        FakeGenerator model = new()
        {
            Profile = WordModel.Create().Profile,
            Embed = text => text.Contains("unheard", StringComparison.Ordinal) ? new float[WordModel.Dimensions] : WordModel.Embed(text),
        };
        await using SemanticSearchEngine engine = await OpenAsync(WordModel.Options(model));
        await engine.AddDocumentsAsync([
            new Document("red apple") { Id = "a" },
            new Document("blue whale") { Id = "b" },
            new Document("an unheard melody") { Id = "c" },
        ]);

        foreach (SearchMode mode in (SearchMode[])[SearchMode.Semantic, SearchMode.Hybrid])
        {
            List<string> notes = [];
            SearchOptions options = new() { Mode = mode, OnNote = notes.Add };

            SearchResult hit = Assert.Single(await engine.SearchAsync("unheard", 5, options));
            Assert.Equal(("c", ScoreKind.Bm25), (hit.Id, hit.ScoreKind));
            Assert.True(hit.Score > 0);
            Assert.Contains("words", Assert.Single(notes));
            Assert.Empty(await engine.SearchAsync("unheard-of", 5, options with { Filter = "a = 1" }));
            Assert.NotEmpty(await engine.SearchAsync("apple", 5, options));
            Assert.Equal(2, notes.Count);
            // The minimum is a cosine, and none can be computed.
            Assert.Empty(await engine.SearchAsync("unheard", 5, options with { MinScore = 0.1f }));
            Assert.Single(await engine.SearchAsync("unheard", 5, options with { MinScore = -0.1f }));
        }
    }
}
