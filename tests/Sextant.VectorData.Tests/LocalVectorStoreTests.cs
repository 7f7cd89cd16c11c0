using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;
using Sextant.Tests.Shared.Stores;

namespace Sextant.VectorData.Tests;

/// <summary>Collections in folders, used through <c>Microsoft.Extensions.VectorData</c>.</summary>
public sealed class LocalVectorStoreTests : VectorStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Text_vector_property_is_embedded_by_the_built_in_model_by_default()
    {
        using VectorStore store = new SextantVectorStore(_folder.Path);
        using VectorStoreCollection<string, Note> notes = store.GetCollection<string, Note>("notes");
        await notes.EnsureCollectionExistsAsync(TestContext.Current.CancellationToken);
        await notes.UpsertAsync(
            [new() { Id = "1", Text = "The money is refunded within a week." }, new() { Id = "2", Text = "We open at nine." }],
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            "1",
            (
                await notes
                    .SearchAsync("refund", 1, cancellationToken: TestContext.Current.CancellationToken)
                    .FirstAsync(TestContext.Current.CancellationToken)
            )
                .Record
                .Id
        );
    }

    [Fact]
    public async Task Existing_collection_is_searched_with_its_own_model()
    {
        await using (
            SemanticSearchEngine made = await SemanticSearchEngine.CreateAsync(
                Path.Combine(_folder.Path, "notes"),
                new()
                {
                    Pipeline = new() { Dimensions = 32, UseCache = false },
                },
                TestContext.Current.CancellationToken
            )
        )
        {
            await made.AddDocumentsAsync(
                ["We open at nine.", "The money is refunded within a week."],
                cancellationToken: TestContext.Current.CancellationToken
            );
        }
        using VectorStore store = new SextantVectorStore(_folder.Path);
        using VectorStoreCollection<string, Given> notes = store.GetCollection<string, Given>("notes");

        VectorSearchResult<Given> hit = await notes
            .SearchAsync("refund", 1, new() { IncludeVectors = true }, TestContext.Current.CancellationToken)
            .FirstAsync(TestContext.Current.CancellationToken);
        Assert.Contains("refunded", hit.Record.Text, StringComparison.Ordinal);
        Assert.Equal(32, hit.Record.Vector.Length);
    }

    [Fact]
    public async Task Generator_of_a_definition_embeds_its_texts()
    {
        using VectorStore store = new SextantVectorStore(_folder.Path);
        using VectorStoreCollection<object, Dictionary<string, object?>> notes = store.GetDynamicCollection(
            "notes",
            new()
            {
                EmbeddingGenerator = WordModel.Create(),
                Properties =
                [
                    new VectorStoreKeyProperty("id", typeof(string)),
                    new VectorStoreVectorProperty("text", typeof(string), WordModel.Dimensions),
                ],
            }
        );
        await notes.EnsureCollectionExistsAsync(TestContext.Current.CancellationToken);
        Assert.Equal("words", ((SemanticSearchEngine)notes.GetService(typeof(SemanticSearchEngine))!).Model.Name);
    }

    protected override VectorStore Store(SemanticSearchEngineOptions? options = null, IEmbeddingGenerator? generator = null) =>
        new SextantVectorStore(_folder.Path, options) { EmbeddingGenerator = generator };

    private sealed class Note
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreVector(256)]
        public string? Text { get; set; }
    }

    private sealed class Given
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData(IsFullTextIndexed = true)]
        public string? Text { get; set; }

        [VectorStoreVector(32)]
        public ReadOnlyMemory<float> Vector { get; set; }
    }
}
