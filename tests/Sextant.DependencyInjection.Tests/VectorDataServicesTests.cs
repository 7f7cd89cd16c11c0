using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.VectorData;
using Sextant.Tests.Shared;
using Sextant.VectorData;

namespace Sextant.DependencyInjection.Tests;

/// <summary>Vector stores and collections as services.</summary>
public sealed class VectorDataServicesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ServiceLifetime.Singleton, null)]
    [InlineData(ServiceLifetime.Scoped, "notes")]
    [InlineData(ServiceLifetime.Transient, 8)]
    public async Task Collection_is_resolved_by_each_of_its_types_with_its_key_and_lifetime(ServiceLifetime lifetime, object? key)
    {
        ServiceCollection services = new();
        services.AddKeyedSextantVectorStore(key, _folder.Path, lifetime: lifetime);
        services.AddKeyedSextantCollection<string, Note>(key, "notes", _folder.Path, lifetime: lifetime);
        await using ServiceProvider provider = services.BuildServiceProvider(validateScopes: true);
        await using AsyncServiceScope one = provider.CreateAsyncScope(),
            two = provider.CreateAsyncScope();

        SextantCollection<string, Note> notes = Get<SextantCollection<string, Note>>(one);
        Assert.IsType<SextantVectorStore>(Get<VectorStore>(one));
        Assert.Equal(lifetime != ServiceLifetime.Transient, ReferenceEquals(notes, Get<VectorStoreCollection<string, Note>>(one)));
        Assert.Equal(lifetime != ServiceLifetime.Transient, ReferenceEquals(notes, Get<IVectorSearchable<Note>>(one)));
        Assert.Equal(lifetime == ServiceLifetime.Singleton, ReferenceEquals(notes, Get<IKeywordHybridSearchable<Note>>(two)));

        T Get<T>(AsyncServiceScope scope)
            where T : notnull =>
            key is null ? scope.ServiceProvider.GetRequiredService<T>() : scope.ServiceProvider.GetRequiredKeyedService<T>(key);
    }

    [Fact]
    public async Task Generator_of_the_container_embeds_for_the_collection()
    {
        ServiceCollection services = new();
        services.AddSingleton<IEmbeddingGenerator>(new Lengths());
        services.AddSextantCollection<string, Note>("notes", _folder.Path);
        await using ServiceProvider provider = services.BuildServiceProvider();
        VectorStoreCollection<string, Note> notes = provider.GetRequiredService<VectorStoreCollection<string, Note>>();
        await notes.EnsureCollectionExistsAsync(TestContext.Current.CancellationToken);
        await notes.UpsertAsync(
            [new() { Id = "short", Text = "a" }, new() { Id = "long", Text = "a long text" }],
            TestContext.Current.CancellationToken
        );

        await foreach (
            VectorSearchResult<Note> hit in notes.SearchAsync("another text", 1, cancellationToken: TestContext.Current.CancellationToken)
        )
        {
            Assert.Equal("long", hit.Record.Id);
        }
    }

    [Fact]
    public void Names_and_locations_are_required()
    {
        ServiceCollection services = new();

        Assert.Throws<ArgumentNullException>(() => services.AddSextantVectorStore(null!));
        Assert.Throws<ArgumentException>(() => services.AddSextantCollection<string, Note>("", _folder.Path));
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddSextantVectorStore(_folder.Path));
    }

    private sealed class Note
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(2)]
        public string? Text { get; set; }
    }

    private sealed class Lengths : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        ) =>
            Task.FromResult(
                new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(new float[] { v.Length, 5 })))
            );

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}
