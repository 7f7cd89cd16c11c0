using System.Globalization;
using Sextant.Embedding;
using Sextant.Search;

namespace Sextant.ConformanceTests;

/// <summary>The stages of a search: fusion of two rankings, explanations, reranking.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class StageTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Hybrid_search_combines_meaning_and_keywords()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 50)
                .Select(i => new Document($"filler text number{i}") { Id = $"f{i}" })
                .Append(new("parcel lost in transit") { Id = "both" })
                .Append(new("transit of venus seen from far away islands") { Id = "word" })
        );

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("parcel lost in transit", 3, new() { Mode = SearchMode.Hybrid });

        Assert.Equal(["both", "word"], hits.Take(2).Select(hit => hit.Id));
        Assert.All(hits, hit => Assert.Equal(Cosine("parcel lost in transit", hit.Text), hit.Score, 5));
    }

    [Fact]
    public async Task Explained_results_have_the_rank_and_score_of_each_stage()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 400)
                .Select(i => new Document($"{(i % 2 == 0 ? "near" : "other")} number{i}") { Id = $"n{i}" })
                .Append(new("near word") { Id = "both" })
                .Append(new("word of completely other things that no one asked for here") { Id = "word" })
        );
        SearchOptions options = new() { Explain = true };

        SearchStages byMeaning = (await engine.SearchAsync("near word", 1, options))[0].Stages!;
        SearchStages byWords = (await engine.SearchAsync("word", 2, options with { Mode = SearchMode.Keyword, Offset = 1 }))[0].Stages!;
        IReadOnlyList<SearchResult> hybrid = await engine.SearchAsync("near word", 402, options with { Mode = SearchMode.Hybrid });

        Assert.Equal(new SearchStages { Semantic = new(1, 1) }, byMeaning);
        Assert.Equal((2, null), (byWords.Keyword!.Rank, byWords.Semantic!.Rank));
        Assert.Equal(Enumerable.Range(1, hybrid.Count), hybrid.Select(hit => hit.Stages!.Fused!.Rank!.Value));
        Assert.All(hybrid, hit => Assert.Equal(Cosine("near word", hit.Text), hit.Stages!.Semantic!.Score, 1e-5));
        Assert.Null((await engine.SearchAsync("near word", 1))[0].Stages);
        if (!Store.UsesRankFusion)
            return;
        Assert.Equal(hybrid.Select(hit => hit.Stages!.Fused!.Score).OrderDescending(), hybrid.Select(hit => hit.Stages!.Fused!.Score));
        Assert.All(hybrid, hit => Assert.InRange(hit.Stages!.Fused!.Score, 0, 1));
        float floor = hybrid.Single(hit => hit.Stages!.Semantic!.Rank == RankFusion.Depth).Stages!.Semantic!.Score;
        foreach (SearchResult hit in hybrid.Where(hit => hit.Stages!.Keyword is null))
            Assert.Equal(0.6 * Math.Max(0, (hit.Score - floor) / (1 - floor)), hit.Stages!.Fused!.Score, 1e-5);
        Assert.Contains(hybrid, hit => hit.Stages!.Keyword is null);
        Assert.NotNull(hybrid.Single(hit => hit.Id == "word").Stages!.Keyword);
    }

    [Theory]
    [InlineData(SearchMode.Semantic)]
    [InlineData(SearchMode.Keyword)]
    [InlineData(SearchMode.Hybrid)]
    public async Task Reranker_orders_the_candidates_of_the_first_stage(SearchMode mode)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 60)
                .Select(i => new Document($"page number{i} word{i % 4}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["even"] = i % 2 == 0 },
                })
        );
        using NumberReranker reranker = new();
        SearchOptions plain = new()
        {
            Mode = mode,
            Exact = true,
            Filter = "even = true",
        };
        SearchOptions options = plain with { Reranker = reranker, Candidates = 12, Explain = true };

        SearchResult[] candidates = [.. await engine.SearchAsync("page word2", 12, plain)];
        IReadOnlyList<SearchResult> whole = await engine.SearchAsync("page word2", 12, options);
        List<SearchResult> pages = [];
        for (int offset = 0; offset < 12; offset += 5)
            pages.AddRange(await engine.SearchAsync("page word2", Math.Min(5, 12 - offset), options with { Offset = offset }));

        Assert.Equal(candidates.Select(hit => hit.Id).OrderByDescending(NumberReranker.Number), whole.Select(hit => hit.Id));
        Assert.Equal(whole.Select(hit => (hit.Rank, hit.Id, hit.Score)), pages.Select(hit => (hit.Rank, hit.Id, hit.Score)));
        Assert.All(whole, hit => Assert.Equal((NumberReranker.Number(hit.Id), ScoreKind.Logit), (hit.Score, hit.ScoreKind)));
        Assert.All(whole, hit => Assert.Equal(new(hit.Score, hit.Rank), hit.Stages!.Rerank));
        float least = whole[3].Score;
        Assert.Equal(
            whole.Take(4).Select(hit => hit.Id),
            (await engine.SearchAsync("page word2", 12, options with { MinScore = least })).Select(hit => hit.Id)
        );
        Assert.Equal(20, (await engine.SearchAsync("page word2", 20, options)).Count);
    }

    /// <summary>Scores a document by the number in its text.</summary>
    private sealed class NumberReranker : IReranker
    {
        public RerankerProfile Profile { get; } =
            new()
            {
                Name = "numbers",
                Provider = "test",
                ScoreKind = ScoreKind.Logit,
            };

        public static float Number(string id) => float.Parse(id, CultureInfo.InvariantCulture) - 30;

        public Task<IReadOnlyList<float>> ScoreAsync(
            string query,
            IReadOnlyList<string> documents,
            CancellationToken cancellationToken = default
        ) => Task.FromResult<IReadOnlyList<float>>([.. documents.Select(text => Number(text.Split(' ')[1]["number".Length..]))]);

        public void Dispose() { }
    }
}
