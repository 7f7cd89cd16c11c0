using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sextant.Client;
using Sextant.Embedding;
using ClientMode = Sextant.Client.SearchMode;
using ClientResult = Sextant.Client.SearchResult;

namespace Sextant.Server.Tests.Client;

/// <summary>The typed client against the service.</summary>
public sealed class ClientTests(SharedService shared) : IDisposable
{
    private readonly SextantClient _client = new(shared.Service.Url);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Collection_is_created_listed_described_and_deleted()
    {
        CollectionDescription made = await _client.CreateCollectionAsync("typed", dimensions: 64);
        IReadOnlyList<CollectionDescription> listed = await _client.ListCollectionsAsync();
        await _client.DeleteCollectionAsync("typed");
        SextantClientException gone = await Assert.ThrowsAsync<SextantClientException>(() =>
            _client.GetCollection("typed").DescribeAsync()
        );

        Assert.Equal(("typed", "sextant-small", 64, 0), (made.Name, made.Model, made.Dimensions, made.Documents));
        Assert.InRange(made.Created, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Assert.Contains(made, listed.Select(one => one with { DocumentsBytes = made.DocumentsBytes, IndexBytes = made.IndexBytes }));
        Assert.Equal((HttpStatusCode.NotFound, "collection_not_found", "name"), (gone.Status, gone.Code, gone.Param));
        Assert.Contains("no collection 'typed'", gone.Message, StringComparison.Ordinal);
        Assert.Equal(["sextant-small"], await _client.ListModelsAsync());
    }

    [Fact]
    public async Task Documents_are_added_found_read_exported_mapped_and_deleted()
    {
        const string Id = "docs/a b%2F?#.md";
        CollectionClient documents = await MadeAsync("typed-documents");
        float[] vector = (await _client.GetEmbeddingGenerator("sextant-small").GenerateVectorAsync("The money is refunded.")).ToArray();
        AddedDocuments added = await documents.AddAsync([
            new("The money is refunded.")
            {
                Id = Id,
                Metadata = new JsonObject { ["topic"] = "refunds" },
            },
            new("We open at nine.") { Metadata = new JsonObject { ["topic"] = "hours" } },
            new("The price is paid back.") { Id = "given", Vector = vector },
        ]);
        IReadOnlyList<ClientResult> found = await documents.SearchAsync("money back", options: new() { Filter = "topic = 'refunds'" });
        IReadOnlyList<ClientResult> second = await documents.SearchAsync(vector, topK: 1, new() { Offset = 1 });
        IReadOnlyList<ClientResult> hybrid = await documents.SearchAsync("nine", topK: 1, new() { Hybrid = true });
        IReadOnlyList<ClientResult> like = await documents.SearchSimilarAsync("given", topK: 1, new() { MinScore = 0.99f });
        IReadOnlyList<ClientResult> grouped = await documents.SearchAsync("money", topK: 2, new() { GroupBy = "topic", GroupSize = 1 });
        IReadOnlyList<Facet> facets = await documents.GetFacetsAsync(["topic"], "topic != 'hours'");
        StoredDocument? read = await documents.GetAsync(Id, withVector: true);
        List<StoredDocument> all = await documents.ExportAsync().ToListAsync();
        IReadOnlyList<MapPoint> map = await documents.GetMapAsync();
        CollectionCheck check = await documents.VerifyAsync();

        Assert.Equal((3, 0, 0), (added.Added, added.Updated, added.Unchanged));
        Assert.Equal((Id, 1, "refunds"), (found.Single().Id, found[0].Rank, (string?)found[0].Metadata["topic"]));
        Assert.Equal(2, second.Single().Rank);
        Assert.Equal(added.Ids[1], hybrid.Single().Id);
        Assert.Equal(Id, like.Single().Id);
        Assert.Equal(2, grouped.Select(hit => (string?)hit.Group).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(("refunds", 1, 1), ((string?)facets[0].Values[0].Value, facets[0].Values[0].Count, facets[0].Distinct));
        Assert.Equal(256, read!.Vector!.Length);
        Assert.Equal(added.Ids, all.Select(one => one.Id));
        Assert.All(all, one => Assert.Null(one.Vector));
        Assert.Equal(added.Ids.Order(StringComparer.Ordinal), map.Select(point => point.Id).Order(StringComparer.Ordinal));
        Assert.Equal((3, 0, 1), (check.Documents, check.Problems.Count, check.Recall));
        Assert.Equal((true, false), (await documents.DeleteAsync(Id), await documents.DeleteAsync(Id)));
        Assert.Null(await documents.GetAsync(Id));
        await Assert.ThrowsAsync<ArgumentException>(() => documents.DeleteAsync(".."));
    }

    [Fact]
    public async Task Documents_are_listed_updated_and_deleted_by_filter()
    {
        CollectionClient documents = await MadeAsync("typed-selected");
        await documents.AddAsync(
            Enumerable
                .Range(0, 7)
                .Select(i => new NewDocument($"text {i}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["n"] = i, ["x"] = "y" },
                })
        );

        List<string> listed = await documents.ListAsync("n > 1").Select(one => one.Id).ToListAsync();
        StoredDocument? changed = await documents.UpdateMetadataAsync("1", new() { ["n"] = 10, ["x"] = null }, "n = 1"),
            refused = await documents.UpdateMetadataAsync("1", new() { ["n"] = 11 }, "n = 1"),
            missing = await documents.UpdateMetadataAsync("none", []);
        UpdatedDocuments dry = await documents.UpdateMatchingAsync("n < 10", new() { ["x"] = "z" }, isDryRun: true),
            all = await documents.UpdateMatchingAsync("n < 10", new() { ["x"] = "z" });
        int some = await documents.DeleteMatchingAsync("n > 4 and n < 10", isDryRun: true),
            deleted = await documents.DeleteMatchingAsync("n > 4 and n < 10");

        Assert.Equal(["2", "3", "4", "5", "6"], listed);
        Assert.Equal("""{"n":10}""", changed!.Metadata.ToJsonString());
        Assert.Null(refused);
        Assert.Null(missing);
        Assert.Equal((new(6, 6), new UpdatedDocuments(6, 6)), (dry, all));
        Assert.Equal((2, 2, 5), (some, deleted, (await documents.DescribeAsync()).Documents));
        Assert.Equal("z", (string?)(await documents.GetAsync("0"))!.Metadata["x"]);
    }

    [Fact]
    public async Task Many_searches_several_collections_and_examples()
    {
        CollectionClient first = await MadeAsync("typed-many-a"),
            second = await MadeAsync("typed-many-b");
        await first.AddAsync([new("The car does not start.") { Id = "car" }, new("A cake of apples.") { Id = "cake" }]);
        await second.AddAsync([new("The engine of the vehicle is broken.") { Id = "engine" }, new("Bread and butter.") { Id = "bread" }]);

        IReadOnlyList<IReadOnlyList<ClientResult>> many = await first.SearchManyAsync(
            Enumerable.Repeat("car", 130).Append("cake"),
            topK: 1
        );
        IReadOnlyList<FederatedResult> both = await _client.SearchAsync(["typed-many-a", "typed-many-b"], "car engine", topK: 2);
        IReadOnlyList<ClientResult> like = await first.RecommendAsync(["car"], ["cake"]);

        Assert.Equal(131, many.Count);
        Assert.Equal(("car", "cake"), (many[0].Single().Id, many[^1].Single().Id));
        Assert.Equal(["car", "engine"], both.Select(one => one.Result.Id).Order(StringComparer.Ordinal));
        Assert.Equal([1, 2], both.Select(one => one.Result.Rank));
        Assert.Empty(like);
    }

    [Fact]
    public async Task Search_supports_all_modes_and_returns_notes()
    {
        CollectionClient documents = await MadeAsync("typed-modes");
        await documents.AddAsync([
            new("The car does not start.")
            {
                Id = "car",
                Metadata = new JsonObject { ["topic"] = "garage" },
            },
            new("Message E1234 is printed.") { Id = "code" },
        ]);
        List<string> notes = [];
        IReadOnlyList<ClientResult> semantic = await documents.SearchAsync(
            "automobile E1234",
            options: new() { Mode = ClientMode.Semantic, OnNote = notes.Add }
        );
        IReadOnlyList<ClientResult> keyword = await documents.SearchAsync("automobile E1234", options: new() { Mode = ClientMode.Keyword });
        IReadOnlyList<ClientResult> hybrid = await documents.SearchAsync(
            "automobile E1234",
            options: new() { Mode = ClientMode.Hybrid, Hybrid = true }
        );
        SextantClientException contradicted = await Assert.ThrowsAsync<SextantClientException>(() =>
            documents.SearchAsync("a", options: new() { Mode = ClientMode.Keyword, Hybrid = true })
        );
        Assert.Empty(notes);
        IReadOnlyList<ClientResult> none = await documents.SearchAsync(
            "car",
            options: new() { Filter = "topik = 'garage'", OnNote = notes.Add }
        );

        Assert.Equal(2, semantic.Count);
        Assert.Equal(["code"], keyword.Select(hit => hit.Id));
        Assert.Equal("code", hybrid[0].Id);
        Assert.Equal((HttpStatusCode.BadRequest, "mode"), (contradicted.Status, contradicted.Param));
        Assert.Empty(none);
        Assert.Equal(["no document has the field 'topik'; did you mean 'topic'?"], notes);
    }

    [Fact]
    public async Task Documents_are_uploaded_in_batches_with_progress()
    {
        CollectionClient documents = await MadeAsync("typed-upload");
        Reports reports = new();
        long done = await documents.UploadAsync(TextsAsync(250), batchSize: 100, reports);
        AddedDocuments first = await documents.AddAsync([new("once")], "a key"),
            again = await documents.AddAsync([new("once")], "a key");

        Assert.Equal(250, done);
        Assert.Equal([100, 200, 250], reports.Told);
        Assert.Equal(251, (await documents.DescribeAsync()).Documents);
        Assert.Equal((first.Ids.Single(), 1), (again.Ids.Single(), again.Added));
    }

    [Fact]
    public async Task Rejected_request_has_the_message_of_the_service()
    {
        CollectionClient documents = await MadeAsync("typed-refused");
        SextantClientException line = await Assert.ThrowsAsync<SextantClientException>(() =>
            documents.AddAsync([new("fine"), new("two") { Vector = [1, 2] }])
        );
        SextantClientException filter = await Assert.ThrowsAsync<SextantClientException>(() =>
            documents.SearchAsync("a", options: new() { Filter = "topic = 'b" })
        );
        SextantClientException model = await Assert.ThrowsAsync<SextantClientException>(() =>
            _client.GetEmbeddingGenerator("nobody").GenerateAsync(["a"])
        );
        using SextantClient nowhere = new(new Uri("http://127.0.0.1:1"));
        SextantClientException unreachable = await Assert.ThrowsAsync<SextantClientException>(() => nowhere.ListCollectionsAsync());

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (line.Status, filter.Status));
        Assert.Contains("256", line.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await documents.DescribeAsync()).Documents);
        Assert.Equal((HttpStatusCode.NotFound, "model_not_found"), (model.Status, model.Code));
        Assert.Null(unreachable.Status);
        Assert.Contains("127.0.0.1:1", unreachable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_of_the_service_is_an_embedding_generator()
    {
        IEmbeddingGenerator<string, Embedding<float>> model = _client.GetEmbeddingGenerator("sextant-small", dimensions: 64);
        GeneratedEmbeddings<Embedding<float>> made = await model.GenerateAsync(["one", "two", "one"]);
        GeneratedEmbeddings<Embedding<float>> whole = await model.GenerateAsync(
            ["one"],
            new EmbeddingGenerationOptions { Dimensions = 256 }.WithRole(EmbeddingRole.Query)
        );
        string folder = Directory.CreateTempSubdirectory("sextant-client-").FullName;
        try
        {
            // The engine takes it as it takes any generator.
            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
                folder,
                new()
                {
                    Generator = model,
                    Pipeline = new() { UseCache = false },
                }
            );
            await engine.AddDocumentsAsync(["The money is refunded.", "We open at nine."]);
            Assert.Equal("The money is refunded.", (await engine.SearchAsync("money back", 1))[0].Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.Equal([64, 64, 64], made.Select(one => one.Vector.Length));
        Assert.Equal(made[0].Vector.ToArray(), made[2].Vector.ToArray());
        Assert.NotEqual(made[0].Vector.ToArray(), made[1].Vector.ToArray());
        Assert.Equal(256, whole[0].Vector.Length);
        Assert.True(made.Usage!.InputTokenCount >= 3);
        EmbeddingGeneratorMetadata metadata = model.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.Equal(("sextant", "sextant-small", 64), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
    }

    [Fact]
    public async Task Host_creates_the_client_with_its_own_HTTP_client()
    {
        ServiceCollection services = new();
        services.AddHttpClient<SextantClient>(http => http.BaseAddress = shared.Service.Url);
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal(["sextant-small"], await provider.GetRequiredService<SextantClient>().ListModelsAsync());
    }

    private async Task<CollectionClient> MadeAsync(string name)
    {
        await _client.CreateCollectionAsync(name);
        return _client.GetCollection(name);
    }

    private static async IAsyncEnumerable<NewDocument> TextsAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 50 == 0)
                await Task.Yield();
            yield return new($"text number {i}") { Id = $"{i}" };
        }
    }

    // Progress<T> reports on other threads, later.
    private sealed class Reports : IProgress<long>
    {
        public List<long> Told { get; } = [];

        public void Report(long value) => Told.Add(value);
    }
}
