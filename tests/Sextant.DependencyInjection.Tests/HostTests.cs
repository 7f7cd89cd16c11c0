using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.VectorData;
using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.DependencyInjection.Tests;

/// <summary>Sextant in a host, as used by other programs.</summary>
public sealed class HostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sextant-host-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Host_opens_the_model_and_collections_at_startup()
    {
        string first = await UseAsync(async services =>
        {
            IEmbeddingGenerator<string, Embedding<float>> model = services.GetRequiredService<
                IEmbeddingGenerator<string, Embedding<float>>
            >();
            SemanticSearchEngine docs = services.GetRequiredService<SemanticSearchEngine>();
            await docs.AddDocumentsAsync(["The money is refunded within a week.", "We open at nine."]);

            Assert.Equal(64, model.GetRequiredService<ModelProfile>().Dimensions);
            Assert.Equal(64, (await model.GenerateVectorAsync("a text")).Length);
            Assert.Equal(64, docs.Model.Dimensions);
            Assert.Same(docs, services.GetRequiredKeyedService<SemanticSearchEngine>("docs"));
            Assert.NotSame(docs, services.GetRequiredKeyedService<SemanticSearchEngine>("others"));
            Assert.Equal(
                ["docs", "others"],
                await services.GetRequiredService<SextantCollections>().ListAsync().Order(StringComparer.Ordinal).ToListAsync()
            );
            Assert.True(await services.GetRequiredService<VectorStore>().CollectionExistsAsync("docs"));
            return (await docs.SearchAsync("money back", 1))[0].Text;
        });
        string afterwards = await UseAsync(async services =>
            (await services.GetRequiredService<SemanticSearchEngine>().SearchAsync("money back", 1))[0].Text
        );

        Assert.Equal("The money is refunded within a week.", first);
        Assert.Equal(first, afterwards);
    }

    [Fact]
    public async Task Missing_model_fails_startup_with_the_reason()
    {
        using IHost host = Build(options => options.Model = "./nowhere");

        InputException error = await Assert.ThrowsAsync<InputException>(() => host.StartAsync());
        Assert.Contains("./nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_generator_and_all_collections_share_one_model()
    {
        Counted counted = new();
        using IHost host = Build(options => options.Models = new([counted]));
        await host.StartAsync();
        await host.Services.GetRequiredService<SemanticSearchEngine>().AddDocumentsAsync(["one"]);
        await host.Services.GetRequiredKeyedService<SemanticSearchEngine>("others").AddDocumentsAsync(["two"]);
        await host.StopAsync();

        Assert.Equal(1, counted.Opened);
    }

    [Fact]
    public async Task Without_a_host_services_open_on_first_use()
    {
        ServiceCollection services = new();
        services.AddSextant(options => (options.Collections, options.UseCache) = (_folder, false));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IEmbeddingGenerator<string, Embedding<float>> model = provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        Assert.Equal(256, (await model.GenerateVectorAsync("a text")).Length);
        Assert.Null(provider.GetService<SemanticSearchEngine>());
        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            provider.GetRequiredService<SextantCollections>().GetAsync("../outside")
        );
        Assert.Contains("is a path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collection_keeps_its_model()
    {
        await using (
            SemanticSearchEngine made = await SemanticSearchEngine.CreateAsync(
                Path.Combine(_folder, "docs"),
                new()
                {
                    Pipeline = new() { Dimensions = 32, UseCache = false },
                }
            )
        )
        {
            await made.AddDocumentsAsync(["a text"]);
        }

        int dimensions = await UseAsync(async services =>
        {
            SemanticSearchEngine docs = services.GetRequiredService<SemanticSearchEngine>();
            await docs.AddDocumentsAsync(["another"]);
            return docs.Model.Dimensions;
        });

        Assert.Equal(32, dimensions);
    }

    [Fact]
    public async Task Vector_store_embeds_with_the_configured_model_and_dimensions()
    {
        int dimensions = await UseAsync(async services =>
        {
            using VectorStoreCollection<string, Note> notes = services
                .GetRequiredService<VectorStore>()
                .GetCollection<string, Note>("notes");
            await notes.EnsureCollectionExistsAsync();
            await notes.UpsertAsync([
                new() { Id = "1", Text = "The money is refunded within a week." },
                new() { Id = "2", Text = "We open at nine." },
            ]);
            Assert.Equal("1", (await notes.SearchAsync("refund", 1).FirstAsync()).Record.Id);
            using VectorStoreCollection<string, Note> docs = services.GetRequiredService<VectorStore>().GetCollection<string, Note>("docs");
            Assert.Empty(await docs.SearchAsync("refund", 1).ToListAsync());
            return ((SemanticSearchEngine)notes.GetService(typeof(SemanticSearchEngine))!).Model.Dimensions;
        });

        Assert.Equal(64, dimensions);
    }

    [Fact]
    public async Task Vector_store_uses_a_registered_generator_and_keeps_given_vectors()
    {
        ServiceCollection services = new();
        services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(new Letters());
        services.AddSextant(options => (options.Collections, options.UseCache) = (_folder, false));
        await using ServiceProvider provider = services.BuildServiceProvider();
        VectorStore store = provider.GetRequiredService<VectorStore>();
        using VectorStoreCollection<string, Note> notes = store.GetCollection<string, Note>("notes");
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync([new() { Id = "1", Text = "bbb" }, new() { Id = "2", Text = "aab" }]);
        Assert.Equal("2", (await notes.SearchAsync("aaa", 1).FirstAsync()).Record.Id);

        using VectorStoreCollection<string, Given> given = store.GetCollection<string, Given>("given");
        await given.EnsureCollectionExistsAsync();
        await given.UpsertAsync(new Given { Id = "1", Vector = new float[] { 1, 0, 0 } });
        Assert.Equal("1", (await given.SearchAsync(new float[] { 1, 0, 0 }, 1).FirstAsync()).Record.Id);
    }

    private async Task<T> UseAsync<T>(Func<IServiceProvider, Task<T>> use)
    {
        using IHost host = Build(options => options.Dimensions = 64);
        await host.StartAsync();
        T result = await use(host.Services);
        await host.StopAsync();
        return result;
    }

    private IHost Build(Action<SextantOptions> more)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSextant(options =>
        {
            (options.Collections, options.Collection, options.UseCache) = (_folder, "docs", false);
            more(options);
        });
        return builder.Build();
    }

    private sealed class Note
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(64)]
        public string? Text { get; set; }
    }

    private sealed class Given
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(3)]
        public ReadOnlyMemory<float> Vector { get; set; }
    }

    /// <summary>How often a text holds a and b.</summary>
    private sealed class Letters : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        ) =>
            Task.FromResult(
                new GeneratedEmbeddings<Embedding<float>>(
                    values.Select(text => new Embedding<float>(new float[] { text.Count(c => c == 'a'), text.Count(c => c == 'b') }))
                )
            );

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }

    private sealed class Counted : IModelProvider
    {
        private readonly StaticModelProvider _own = new();

        public int Opened { get; private set; }

        public bool Handles(string name) => _own.Handles(name);

        public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default)
        {
            Opened++;
            return _own.OpenAsync(name, cancellationToken);
        }
    }
}
