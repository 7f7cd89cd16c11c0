using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;

namespace Sextant.Models.Tests;

public sealed class RerankerRegistryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_embedding_model_scores_by_cosine()
    {
        using IReranker reranker = await ModelRegistry.Default.OpenRerankerAsync(TinyModel.Write(_folder.Path), new() { UseCache = false });

        Assert.IsType<EmbeddingReranker>(reranker);
        Assert.Equal(ScoreKind.Cosine, reranker.Profile.ScoreKind);
        IReadOnlyList<float> scores = await reranker.ScoreAsync("blue", ["blue", "red", "green green blue", ""]);
        Assert.Equal([1f, 0f, (float)(4 / Math.Sqrt(52)), 0f], scores, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Empty(await reranker.ScoreAsync("blue", []));
        Assert.Equal(0, await reranker.EstimateCostAsync("blue", ["red"]));
    }

    [Fact]
    public async Task Cross_encoder_is_used_directly()
    {
        using IReranker reranker = await new ModelRegistry([new PairProvider("pairs")]).OpenRerankerAsync("pairs");
        Assert.Equal(ScoreKind.Logit, reranker.Profile.ScoreKind);
    }

    [Fact]
    public async Task Downloaded_reranker_is_opened_by_its_provider_under_its_name()
    {
        string folder = Directory.CreateDirectory(_folder.File("cross")).FullName;
        var registry = new ModelRegistry([new FolderSource("source:x", folder), new PairProvider(folder)]);

        using IReranker reranker = await registry.OpenRerankerAsync("source:x");

        Assert.Equal(("source:x", ScoreKind.Logit), (reranker.Profile.Name, reranker.Profile.ScoreKind));
        Assert.Equal([3f], await reranker.ScoreAsync("q", ["abc"]));
    }

    [Fact]
    public async Task Downloaded_embedding_model_is_wrapped_as_a_reranker()
    {
        var registry = new ModelRegistry([new FolderSource("source:x", TinyModel.Write(_folder.File("tiny"))), new StaticModelProvider()]);
        using IReranker reranker = await registry.OpenRerankerAsync("source:x", new() { UseCache = false });
        Assert.Equal(("source:x", ScoreKind.Cosine), (reranker.Profile.Name, reranker.Profile.ScoreKind));
    }

    [Fact]
    public async Task Shared_registry_shares_rerankers()
    {
        var provider = new PairProvider("pairs");
        using (SharedModels shared = new(new ModelRegistry([provider])))
        {
            var registry = new ModelRegistry([shared]);
            using (IReranker first = await registry.OpenRerankerAsync("pairs"))
            using (IReranker second = await registry.OpenRerankerAsync("pairs"))
                Assert.Equal([1f], await second.ScoreAsync("q", ["a"]));
            Assert.Equal((1, 0), (provider.Opened, provider.Disposed));
        }

        Assert.Equal(1, provider.Disposed);
    }

    [Fact]
    public async Task Cost_estimate_of_a_paid_model_counts_uncached_texts()
    {
        var options = new EmbeddingPipelineOptions { Cache = new MemoryCache() };
        using IReranker reranker = await new ModelRegistry([new PaidProvider()]).OpenRerankerAsync("paid", options);

        Assert.Equal(5 * 2m / 1_000_000m, await reranker.EstimateCostAsync("one query", ["two words", "one"]));
        await reranker.ScoreAsync("one query", ["two words"]);
        Assert.Equal(1 * 2m / 1_000_000m, await reranker.EstimateCostAsync("one query", ["two words", "one"]));
    }

    private sealed class PaidProvider : IModelProvider
    {
        public bool Handles(string name) => name == "paid";

        public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromResult<IEmbeddingGenerator<string, Embedding<float>>>(
                new Paid(new FakeGenerator { Counter = new FakeGenerator.WordCounter() })
            );

        private sealed class Paid(FakeGenerator inner) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
        {
            public override object? GetService(Type serviceType, object? serviceKey = null) =>
                serviceType == typeof(ModelPrice) ? new ModelPrice(2) : base.GetService(serviceType, serviceKey);
        }
    }

    /// <summary>Knows one cross-encoder, whose score is the length of the document.</summary>
    private sealed class PairProvider(string known) : IModelProvider
    {
        public int Opened { get; private set; }

        public int Disposed { get; private set; }

        public bool Handles(string name) => name == known;

        public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
            throw new InputException($"{name} is a cross-encoder");

        public Task<IReranker?> OpenRerankerAsync(string name, CancellationToken cancellationToken = default)
        {
            Opened++;
            return Task.FromResult<IReranker?>(new Pairs(this));
        }

        private sealed class Pairs(PairProvider provider) : IReranker
        {
            public RerankerProfile Profile { get; } =
                new()
                {
                    Name = "pairs",
                    Provider = "test",
                    ScoreKind = ScoreKind.Logit,
                };

            public Task<IReadOnlyList<float>> ScoreAsync(
                string query,
                IReadOnlyList<string> documents,
                CancellationToken cancellationToken = default
            ) => Task.FromResult<IReadOnlyList<float>>([.. documents.Select(text => (float)text.Length)]);

            public void Dispose() => provider.Disposed++;
        }
    }

    /// <summary>A source that has one model in a folder.</summary>
    private sealed class FolderSource(string known, string path) : IModelSource
    {
        public bool Handles(string name) => name == known;

        public string? Locate(string name) => path;

        public Task<ModelFolder?> FindAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromResult<ModelFolder?>(Folder);

        public Task<ModelFolder> GetAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(Folder);

        public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        private ModelFolder Folder =>
            new()
            {
                Path = path,
                Name = known,
                Identity = known,
                Origin = "a test",
            };
    }
}
