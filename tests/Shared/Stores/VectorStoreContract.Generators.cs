using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace Sextant.Tests.Shared.Stores;

public abstract partial class VectorStoreContract
{
    [Theory]
    [InlineData(true, true, true, "property")]
    [InlineData(false, true, true, "definition")]
    [InlineData(false, false, true, "store")]
    [InlineData(true, false, false, "property")]
    public async Task Nearest_generator_embeds(bool property, bool definition, bool inStore, string expected)
    {
        using (VectorStore made = Store())
        using (
            VectorStoreCollection<object, Dictionary<string, object?>> points = made.GetDynamicCollection(_name, Define(typeof(float[])))
        )
        {
            await points.EnsureCollectionExistsAsync();
            await points.UpsertAsync([Point("property", 1, 0, 0), Point("definition", 0, 1, 0), Point("store", 0, 0, 1)]);
        }

        using VectorStore store = Store(generator: inStore ? new Constant([0, 0, 1]) : null);
        VectorStoreCollectionDefinition texts = Define(typeof(string));
        texts.EmbeddingGenerator = definition ? new Constant([0, 1, 0]) : null;
        ((VectorStoreVectorProperty)texts.Properties[1]).EmbeddingGenerator = property ? new Constant([1, 0, 0]) : null;
        using VectorStoreCollection<object, Dictionary<string, object?>> found = store.GetDynamicCollection(_name, texts);

        Assert.Equal(expected, (await ListAsync(found.SearchAsync("anything", 1)))[0].Record["id"]);
        await found.UpsertAsync(new Dictionary<string, object?> { ["id"] = "new", ["at"] = "a text" });
        Assert.Equal([expected, "new"], (await ListAsync(found.SearchAsync("anything", 2))).Select(hit => hit.Record["id"]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ListAsync(found.SearchAsync(8, 1)));
        await Assert.ThrowsAsync<NotSupportedException>(() => found.GetAsync("new", new() { IncludeVectors = true }));
        Assert.Throws<NotSupportedException>(() => found.SearchAsync("anything", 1, new() { IncludeVectors = true }));

        static Dictionary<string, object?> Point(string id, params float[] at) => new() { ["id"] = id, ["at"] = at };
    }

    [Fact]
    public async Task Generators_of_any_input_type_embed_records_and_queries()
    {
        using VectorStore store = Store(generator: new Colors());
        VectorStoreCollectionDefinition definition = new()
        {
            Properties = [new VectorStoreKeyProperty("id", typeof(string)), new VectorStoreVectorProperty<Color>("at", 3)],
        };
        using VectorStoreCollection<object, Dictionary<string, object?>> colors = store.GetDynamicCollection(_name, definition);
        await colors.EnsureCollectionExistsAsync();
        await colors.UpsertAsync([
            new() { ["id"] = "red", ["at"] = new Color(1, 0, 0) },
            new() { ["id"] = "blue", ["at"] = new Color(0, 0, 1) },
        ]);

        Assert.Equal("blue", (await ListAsync(colors.SearchAsync(new Color(0.1f, 0, 0.9f), 1)))[0].Record["id"]);
    }

    [Fact]
    public async Task Generator_next_to_given_vectors_embeds_queries_only()
    {
        using VectorStore store = Store(generator: new Constant([0, 1, 0]));
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);

        Assert.Equal("2", (await ListAsync(hotels.SearchAsync("anything", 1)))[0].Record.Id);
        Assert.Equal(3, (await hotels.GetAsync("2", new() { IncludeVectors = true }))!.Vector.Length);
    }

    [Fact]
    public async Task Vectors_are_returned_unchanged_through_the_abstraction()
    {
        using VectorStore store = Store();
        using VectorStoreCollection<string, Hotel> hotels = await OpenAsync(store);
        await hotels.UpsertAsync(new Hotel { Id = "9", Vector = new float[] { 10, 0, 2 } });

        Hotel read = (await hotels.GetAsync("9", new() { IncludeVectors = true }))!;
        Assert.Equal([10f, 0f, 2f], read.Vector.ToArray());
    }

    private static VectorStoreCollectionDefinition Define(Type vector) =>
        new() { Properties = [new VectorStoreKeyProperty("id", typeof(string)), new VectorStoreVectorProperty("at", vector, 3)] };

    private sealed record Color(float Red, float Green, float Blue);

    private sealed class Constant(float[] vector) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(vector))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }

    private sealed class Colors : IEmbeddingGenerator<Color, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<Color> values,
            EmbeddingGenerationOptions? options = null,
            CancellationToken cancellationToken = default
        ) =>
            Task.FromResult(
                new GeneratedEmbeddings<Embedding<float>>(values.Select(c => new Embedding<float>(new[] { c.Red, c.Green, c.Blue })))
            );

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}
