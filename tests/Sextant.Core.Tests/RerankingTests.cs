using CsCheck;
using Sextant.Embedding;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;
using Sextant.Tests.Shared.Search;
using Sextant.Tests.Shared.Stores;

namespace Sextant.Core.Tests;

/// <summary>The second stage of a search; what it does in every store is part of <see cref="ConformanceTests.StageTests"/>.</summary>
public sealed class RerankingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Model_in_a_folder_reranks_results_of_the_built_in_model()
    {
        string model = TinyModel.Write(_folder.File("tiny"));
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c.sextant"), Options());
        await engine.AddDocumentsAsync([
            new Document("red") { Id = "r" },
            new Document("green") { Id = "g" },
            new Document("green green blue") { Id = "gb" },
        ]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("blue", 3, new() { Rerank = model, Explain = true });

        // Row i of the tiny model is i + 1 along axis i: "green green blue" is their mean, which blue meets at 4 / sqrt(6² + 4²).
        Assert.Equal("gb", hits[0].Id);
        Assert.Equal(4 / Math.Sqrt(52), hits[0].Score, 1e-5);
        Assert.Equal([0f, 0f], hits.Skip(1).Select(hit => hit.Score));
        Assert.Equal(hits[1].Stages!.Semantic!.Rank < hits[2].Stages!.Semantic!.Rank, hits[1].Rank < hits[2].Rank);
        Assert.All(hits, hit => Assert.Equal(ScoreKind.Cosine, hit.ScoreKind));
        Assert.Equal(
            "r,g,gb",
            string.Join(',', hits.OrderBy(hit => "r,g,gb".IndexOf(hit.Id, StringComparison.Ordinal)).Select(hit => hit.Id))
        );
    }

    [Fact]
    public async Task Reranking_with_the_collections_own_model_changes_nothing()
    {
        NamedModels models = new();
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            _folder.File("c.sextant"),
            models.Options(NamedModels.First)
        );
        string[] vocabulary = ["red", "green", "blue", "apple", "whale", "pie", "sea"];
        Gen<string> text = Gen.Int[0, vocabulary.Length - 1]
            .Array[1, 5]
            .Select(words => string.Join(' ', words.Select(word => vocabulary[word])));
        await Gen.Select(text.Array[1, 40], text, Gen.Int[1, 12])
            .SampleAsync(
                async sample =>
                {
                    (string[] texts, string query, int count) = sample;
                    await foreach (Document old in engine.ListAsync())
                        await engine.DeleteAsync(old.Id!);
                    await engine.AddDocumentsAsync(texts.Select((one, i) => new Document(one) { Id = $"{i}" }));
                    SearchOptions exact = new() { Exact = true };

                    IReadOnlyList<SearchResult> plain = await engine.SearchAsync(query, count, exact);
                    IReadOnlyList<SearchResult> same = await engine.SearchAsync(
                        query,
                        count,
                        exact with
                        {
                            Rerank = NamedModels.First,
                            Candidates = 40,
                        }
                    );
                    IReadOnlyList<SearchResult> other = await engine.SearchAsync(
                        query,
                        40,
                        exact with
                        {
                            Rerank = NamedModels.Short,
                            Candidates = 1,
                        }
                    );

                    // Texts of the same words are equally near up to rounding, so that their order may differ, and with it which of them
                    // comes last.
                    Dictionary<string, float> whole = (await engine.SearchAsync(query, 40, exact)).ToDictionary(
                        hit => hit.Id,
                        hit => hit.Score
                    );
                    Assert.Equal(plain.Select(hit => hit.Rank), same.Select(hit => hit.Rank));
                    Assert.All(plain.Zip(same), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5f));
                    Assert.All(same, hit => Assert.Equal(whole[hit.Id], hit.Score, 1e-5f));
                    Assert.Equal(same.Count, same.Select(hit => hit.Id).Distinct().Count());
                    Assert.Equal(Enumerable.Range(0, texts.Length).Select(i => $"{i}").Order(), other.Select(hit => hit.Id).Order());
                    Assert.Equal(other.OrderByDescending(hit => hit.Score).Select(hit => hit.Id), other.Select(hit => hit.Id));
                },
                iter: 60,
                threads: 1
            );
    }

    [Fact]
    public async Task Candidate_is_embedded_once_and_then_cached()
    {
        NamedModels models = new();
        EmbeddingPipelineOptions cached = new() { CacheDirectory = _folder.File("cache") };
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            _folder.File("c.sextant"),
            models.Options(NamedModels.First) with
            {
                Pipeline = cached,
            }
        );
        await engine.AddDocumentsAsync(Enumerable.Range(0, 30).Select(i => $"page number{i}"));
        SearchOptions options = new() { Rerank = NamedModels.Second, Candidates = 10 };

        await engine.SearchAsync("page", 3, options);
        Assert.Equal(11, models[NamedModels.Second].Asked.Count());
        await engine.SearchAsync("page", 3, options);

        Assert.Equal(11, models[NamedModels.Second].Asked.Count());
        Assert.Equal(EmbeddingRole.Query, models[NamedModels.Second].Requests.First().Options.GetRole());
        Assert.False(models[NamedModels.Second].Disposed);
        await engine.DisposeAsync();
        Assert.True(models[NamedModels.Second].Disposed);
    }

    [Fact]
    public async Task Reranking_requires_a_text_query_and_a_known_reranker()
    {
        NamedModels models = new();
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            _folder.File("c.sextant"),
            models.Options(NamedModels.First)
        );
        await engine.AddDocumentsAsync([new Document("text") { Id = "x" }]);
        SearchOptions options = new() { Rerank = NamedModels.Second };
        int asked = models[NamedModels.First].Asked.Count();

        Assert.Contains(
            "text",
            (await Assert.ThrowsAsync<InputException>(() => engine.SearchAsync(new float[WordModel.Dimensions], 1, options))).Message
        );
        Assert.Contains("text", (await Assert.ThrowsAsync<InputException>(() => engine.SearchSimilarAsync("x", 1, options))).Message);
        Assert.Contains(
            "no-such",
            (await Assert.ThrowsAsync<InputException>(() => engine.SearchAsync("text", 1, new() { Rerank = "no-such" }))).Message
        );
        Assert.Equal(asked, models[NamedModels.First].Asked.Count());
        using StubReranker stub = new(_ => []);
        await Assert.ThrowsAsync<ArgumentException>(() => engine.SearchAsync("text", 1, options with { Reranker = stub }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => engine.SearchAsync("text", 1, options with { Candidates = 0 }));
    }

    [Fact]
    public async Task Search_fails_on_NaN_or_missing_reranker_scores()
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c.sextant"), WordModel.Options());
        await engine.AddDocumentsAsync(["one", "two"]);
        using StubReranker few = new(_ => [1]),
            nan = new(_ => [1, float.NaN]);

        Assert.Contains(
            "1 scores for 2",
            (await Assert.ThrowsAsync<SextantException>(() => engine.SearchAsync("one", 2, new() { Reranker = few }))).Message
        );
        Assert.Contains(
            "finite",
            (await Assert.ThrowsAsync<SextantException>(() => engine.SearchAsync("one", 2, new() { Reranker = nan }))).Message
        );
        Assert.False(few.Disposed);
    }

    [Theory]
    [InlineData(0.02, 0.02, true)]
    [InlineData(0.02, 0.019, false)]
    [InlineData(null, 5, false)]
    public async Task Search_over_the_cost_limit_sends_nothing(double? cost, double most, bool isSent)
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("c.sextant"), WordModel.Options());
        await engine.AddDocumentsAsync(["one", "two"]);
        using StubReranker paid = new(texts => [.. texts.Select(_ => 1f)]) { Cost = (decimal?)cost };
        SearchOptions options = new() { Reranker = paid, MaxRerankCost = (decimal)most };

        if (isSent)
            Assert.Equal(2, (await engine.SearchAsync("one", 2, options)).Count);
        else
            await Assert.ThrowsAsync<InputException>(() => engine.SearchAsync("one", 2, options));
        Assert.Equal(isSent ? 1 : 0, paid.Calls);
    }

    private sealed class StubReranker(Func<IReadOnlyList<string>, IReadOnlyList<float>> score) : IReranker
    {
        public RerankerProfile Profile { get; } =
            new()
            {
                Name = "stub",
                Provider = "test",
                ScoreKind = ScoreKind.Relevance,
            };

        public decimal? Cost { get; init; }

        public int Calls { get; private set; }

        public bool Disposed { get; private set; }

        public Task<IReadOnlyList<float>> ScoreAsync(
            string query,
            IReadOnlyList<string> documents,
            CancellationToken cancellationToken = default
        )
        {
            Calls++;
            return Task.FromResult(score(documents));
        }

        public Task<decimal?> EstimateCostAsync(
            string query,
            IReadOnlyList<string> documents,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(Cost);

        public void Dispose() => Disposed = true;
    }

    private SemanticSearchEngineOptions Options() =>
        new() { Pipeline = new EmbeddingPipelineOptions { CacheDirectory = _folder.File("cache") } };
}
