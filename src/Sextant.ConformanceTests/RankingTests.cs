namespace Sextant.ConformanceTests;

/// <summary>Scores, the order of results, pages and the minimum score.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class RankingTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Best_results_come_first_with_cosines_as_scores()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(["red apple", "red apple pie", "blue whale", "apple"]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("red apple", 4);

        Assert.Equal("red apple", hits[0].Text);
        Assert.Equal("blue whale", hits[3].Text);
        Assert.Equal([1, 2, 3, 4], hits.Select(hit => hit.Rank));
        foreach (SearchResult hit in hits)
            Assert.Equal(Cosine("red apple", hit.Text), hit.Score, 5);
        Assert.Equal(hits.OrderByDescending(hit => hit.Score).Select(hit => hit.Id), hits.Select(hit => hit.Id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Text_scores_1_against_itself_and_meets_a_minimum_score_of_1(bool exact)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => $"word{i} word{i * 7 % 40} other{i % 11}")];
        await engine.AddDocumentsAsync(texts);
        foreach (string text in texts)
        {
            foreach (SearchMode mode in (SearchMode[])[SearchMode.Semantic, SearchMode.Hybrid])
            {
                IReadOnlyList<SearchResult> hits = await engine.SearchAsync(
                    text,
                    3,
                    new()
                    {
                        MinScore = 1,
                        Exact = exact,
                        Mode = mode,
                    }
                );
                Assert.Contains(hits, hit => hit.Text == text);
                Assert.All(hits, hit => Assert.Equal(1f, hit.Score));
            }
        }
    }

    [Fact]
    public async Task Equal_scores_are_ordered_by_when_documents_were_added()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        string[] ids = [.. Enumerable.Range(0, 30).Select(i => $"{(i * 7) % 30:00}")];
        foreach (string[] batch in ids.Chunk(10))
            await engine.AddDocumentsAsync(batch.Select(id => new Document("the same") { Id = id }));
        SearchOptions exact = new() { Exact = true };

        Assert.Equal(ids, (await engine.SearchAsync("the same", 30, exact)).Select(hit => hit.Id));
        Assert.Equal(ids.Take(5), (await engine.SearchAsync("the same", 5, exact)).Select(hit => hit.Id));
        Assert.Equal(ids, await ListIdsAsync(engine));
    }

    [Fact]
    public async Task Pages_are_slices_of_one_ranking()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 40).Select(i => $"page number{i} word{i % 3} word{i % 7}"));
        foreach (SearchMode mode in Enum.GetValues<SearchMode>())
        {
            SearchOptions options = new() { Mode = mode, Exact = true };
            string[] whole = [.. (await engine.SearchAsync("page word1 word2", 40, options)).Select(hit => hit.Id)];
            List<string> pages = [];
            for (int offset = 0; offset < 40; offset += 9)
                pages.AddRange((await engine.SearchAsync("page word1 word2", 9, options with { Offset = offset })).Select(hit => hit.Id));

            Assert.Equal(40, whole.Length);
            Assert.Equal(whole, pages);
            Assert.Empty(await engine.SearchAsync("page", 9, options with { Offset = 40 }));
        }
    }

    [Fact]
    public async Task Minimum_score_omits_less_similar_documents()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(["red apple", "blue whale", "red apple pie"]);
        float least = Cosine("red apple", "red apple pie") - 0.01f;

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("red apple", 3, new() { MinScore = least });

        Assert.Equal(["red apple", "red apple pie"], hits.Select(hit => hit.Text));
    }

    [Fact]
    public async Task Documents_similar_to_one_do_not_include_it()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("red apple") { Id = "1" },
            new Document("red apple pie") { Id = "2" },
            new Document("blue whale") { Id = "3" },
        ]);

        Assert.Equal("2", Assert.Single(await engine.SearchSimilarAsync("1", 1)).Id);
        await Assert.ThrowsAsync<InputException>(() => engine.SearchSimilarAsync("9", 1));
    }

    [Fact]
    public async Task Text_with_a_zero_vector_is_stored_and_scores_0()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([new Document("...") { Id = "none" }, new Document("red apple") { Id = "some" }]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("red apple", 5);

        Assert.Equal(["some", "none"], hits.Select(hit => hit.Id));
        Assert.Equal(0, hits[1].Score);
    }
}
