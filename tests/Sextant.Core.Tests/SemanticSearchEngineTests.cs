using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests;

public sealed class SemanticSearchEngineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("docs.sextant");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Added_documents_are_found_before_and_after_reopening()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
        {
            UpsertResult result = await engine.AddDocumentsAsync(["red apples", "green pears", "blue plums"]);
            Assert.Equal((3, 0, 0), (result.Added, result.Updated, result.Unchanged));
            Assert.Equal("green pears", (await engine.SearchAsync("green pears", 1)).Single().Text);
        }

        await using SemanticSearchEngine again = await OpenAsync();
        Assert.Empty(again.Warnings);
        SearchResult hit = (await again.SearchAsync("blue plums", 1)).Single();
        Assert.Equal("blue plums", hit.Text);
        Assert.Equal(1, hit.Rank);
        Assert.Equal(1f, hit.Score, 1e-5f);
    }

    [Fact]
    public async Task Metadata_objects_of_any_shape_are_returned()
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        await engine.AddDocumentsAsync(["a"], [new { lang = "en", nested = new { n = 1 } }]);
        await engine.AddDocumentsAsync(["b"], [new Dictionary<string, object> { ["größe"] = 2.5 }]);
        await engine.AddDocumentsAsync(["c"], [new JsonObject { ["tags"] = new JsonArray("x", null) }]);

        Assert.Equal(1, (int)(await engine.SearchAsync("a", 1))[0].Metadata["nested"]!["n"]!);
        Assert.Equal(2.5, (double)(await engine.SearchAsync("b", 1))[0].Metadata["größe"]!);
        Assert.Equal("""{"tags":["x",null]}""", (await engine.SearchAsync("c", 1))[0].Metadata.ToJsonString());
        await Assert.ThrowsAsync<InputException>(() => engine.AddDocumentsAsync(["d"], [5]));
        await Assert.ThrowsAsync<InputException>(() => engine.AddDocumentsAsync(["d", "e"], [new { a = 1 }]));
    }

    [Fact]
    public async Task Adding_an_unchanged_document_embeds_nothing()
    {
        FakeGenerator model = WordModel.Create();
        await using SemanticSearchEngine engine = await OpenAsync(model);
        UpsertResult first = await engine.AddDocumentsAsync(["one", "two"]);
        int asked = model.Asked.Count();

        UpsertResult second = await engine.AddDocumentsAsync(["one", "two"]);

        Assert.Equal(2, second.Unchanged);
        Assert.Equal(first.Ids, second.Ids);
        Assert.Equal(asked, model.Asked.Count());
    }

    [Fact]
    public async Task Document_with_an_existing_id_replaces_the_old_one()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([new Document("old words") { Id = "x" }, new Document("others") { Id = "y" }]);

        UpsertResult result = await engine.AddDocumentsAsync([new Document("new text") { Id = "x" }]);

        Assert.Equal((0, 1), (result.Added, result.Updated));
        Assert.Equal("new text", (await engine.GetAsync("x"))!.Text);
        Assert.DoesNotContain(await engine.SearchAsync("old words", 5), hit => hit.Score > 0.99f);
        Assert.Equal("x", (await engine.SearchAsync("new text", 1))[0].Id);
        Assert.Empty(await engine.SearchAsync("old", 5, new() { Mode = SearchMode.Keyword }));
        Assert.Equal(2, await engine.CountAsync());
    }

    [Fact]
    public async Task Last_of_two_documents_with_one_id_wins()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([new Document("A") { Id = "x" }]);

        UpsertResult result = await engine.AddDocumentsAsync([new Document("B") { Id = "x" }, new Document("A") { Id = "x" }]);

        Assert.Equal(["x", "x"], result.Ids);
        Assert.Equal(1, result.Unchanged);
        Assert.Equal("A", (await engine.GetAsync("x"))!.Text);
    }

    [Fact]
    public async Task Changed_metadata_is_replaced_without_embedding()
    {
        FakeGenerator model = WordModel.Create();
        await using SemanticSearchEngine engine = await OpenAsync(model);
        await engine.AddDocumentsAsync([
            new Document("text")
            {
                Id = "x",
                Metadata = new() { ["v"] = 1 },
            },
        ]);
        int asked = model.Asked.Count();

        UpsertResult result = await engine.AddDocumentsAsync([
            new Document("text")
            {
                Id = "x",
                Metadata = new() { ["v"] = 2 },
            },
        ]);

        Assert.Equal(1, result.Updated);
        Assert.Equal(asked, model.Asked.Count());
        Assert.Equal("x", (await engine.SearchAsync("text", 1, new() { Filter = "v = 2" })).Single().Id);
        Assert.Empty(await engine.SearchAsync("text", 1, new() { Filter = "v = 1" }));
    }

    [Fact]
    public async Task Deleted_document_never_appears_in_results()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([new Document("alpha beta") { Id = "x" }, new Document("gamma") { Id = "y" }]);

        Assert.True(await engine.DeleteAsync("x"));
        Assert.False(await engine.DeleteAsync("x"));

        foreach (SearchMode mode in Enum.GetValues<SearchMode>())
            Assert.DoesNotContain(await engine.SearchAsync("alpha beta", 5, new() { Mode = mode }), hit => hit.Id == "x");
        Assert.Null(await engine.GetAsync("x"));
    }

    [Fact]
    public async Task Filtered_search_returns_the_best_matching_documents()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 200)
                .Select(i => new Document("number " + i.ToString(CultureInfo.InvariantCulture)) { Metadata = new() { ["i"] = i } })
        );

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("number 150", 10, new() { Filter = "i < 5" });

        Assert.Equal(5, hits.Count);
        Assert.All(hits, hit => Assert.InRange((int)hit.Metadata["i"]!, 0, 4));
        Assert.Empty(await engine.SearchAsync("number", 10, new() { Filter = "i > 1000" }));
        await Assert.ThrowsAsync<InputException>(() => engine.SearchAsync("number", 10, new() { Filter = "i >" }));
    }

    [Fact]
    public async Task Keyword_search_accepts_any_text()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(["the NEAR miss", "a café in Köln", "unrelated"]);
        SearchOptions keyword = new() { Mode = SearchMode.Keyword };

        Assert.Equal("the NEAR miss", (await engine.SearchAsync("NEAR(miss, 5) OR \" * text:", 5, keyword))[0].Text);
        Assert.Equal("a café in Köln", (await engine.SearchAsync("CAFE koln", 5, keyword)).Single().Text);
        Assert.Empty(await engine.SearchAsync("!?* \" ( )", 5, keyword));
        Assert.All(await engine.SearchAsync("café", 5, keyword), hit => Assert.Equal(ScoreKind.Bm25, hit.ScoreKind));
    }

    [Fact]
    public async Task Hybrid_search_combines_both_rankings_and_scores_by_cosine()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 50).Select(i => new Document("filler text " + i) { Id = "f" + i }));
        await engine.AddDocumentsAsync([new Document("error E4711 happened") { Id = "code" }]);

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("E4711", 3, new() { Mode = SearchMode.Hybrid });
        IReadOnlyList<SearchResult> semantic = await engine.SearchAsync("E4711", 51);

        Assert.Equal("code", hits[0].Id);
        Assert.All(hits, hit => Assert.Equal(semantic.Single(s => s.Id == hit.Id).Score, hit.Score, 1e-5f));
    }

    [Theory]
    [InlineData(SearchMode.Semantic)]
    [InlineData(SearchMode.Keyword)]
    [InlineData(SearchMode.Hybrid)]
    public async Task Pages_concatenate_to_the_full_ranking(SearchMode mode)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 40).Select(i => new Document($"page {i % 7} line {i}") { Id = $"d{i}" }));
        SearchOptions options = new() { Mode = mode };
        IReadOnlyList<SearchResult> whole = await engine.SearchAsync("page line 3", 40, options);

        List<SearchResult> pages = [];
        for (int offset = 0; offset < 45; offset += 5)
            pages.AddRange(await engine.SearchAsync("page line 3", 5, options with { Offset = offset }));

        Assert.Equal(whole.Select(h => (h.Rank, h.Id)), pages.Select(h => (h.Rank, h.Id)));
        Assert.Equal(40, whole.Count);
    }

    [Fact]
    public async Task Results_below_the_minimum_score_are_omitted()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(["exactly this", "something else"]);

        SearchResult only = (await engine.SearchAsync("exactly this", 5, new() { MinScore = 0.99f })).Single();

        Assert.Equal("exactly this", only.Text);
    }

    [Fact]
    public async Task Equal_scores_are_ordered_by_insertion()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 30).Select(i => new Document("same text") { Id = $"d{29 - i:00}" }));

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("same text", 30);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"d{29 - i:00}"), hits.Select(h => h.Id));
    }

    [Fact]
    public async Task Similar_documents_exclude_the_document()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("cats and dogs") { Id = "a" },
            new Document("cats and mice") { Id = "b" },
            new Document("tax law") { Id = "c" },
        ]);

        IReadOnlyList<SearchResult> hits = await engine.SearchSimilarAsync("a", 2);

        Assert.Equal(["b", "c"], hits.Select(h => h.Id));
        Assert.Equal([1, 2], hits.Select(h => h.Rank));
        await Assert.ThrowsAsync<InputException>(() => engine.SearchSimilarAsync("nothing"));
    }

    [Fact]
    public async Task Different_model_is_rejected_with_both_names_and_the_fix()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
            await engine.AddDocumentsAsync(["text"]);

        InputException error = await Assert.ThrowsAsync<InputException>(() => OpenAsync(WordModel.Create("letters")));

        Assert.Contains("test/words/32", error.Message, StringComparison.Ordinal);
        Assert.Contains("test/letters/32", error.Message, StringComparison.Ordinal);
        Assert.Contains("open it with words", error.Message, StringComparison.Ordinal);
        Assert.Equal([nameof(SemanticSearchEngineOptions.Model)], error.RelatedOptions);
    }

    [Fact]
    public async Task Different_revision_of_the_same_model_is_rejected()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
            await engine.AddDocumentsAsync(["text"]);
        FakeGenerator newer = new() { Profile = WordModel.Create().Profile! with { Revision = "2" }, Embed = WordModel.Embed };

        InputException error = await Assert.ThrowsAsync<InputException>(() => OpenAsync(newer));

        Assert.Contains("another revision of words", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Different_dimensions_are_rejected_with_the_fix()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
            await engine.AddDocumentsAsync(["text"]);

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            SemanticSearchEngine.OpenAsync(
                Collection,
                WordModel.Options() with
                {
                    Pipeline = new() { Dimensions = 16, UseCache = false },
                }
            )
        );

        Assert.Contains(
            "has vectors of 32 dimensions of words, not of 16: do not set the dimensions",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal([nameof(Sextant.Embedding.EmbeddingPipelineOptions.Dimensions)], error.RelatedOptions);
    }

    [Fact]
    public async Task Invalid_document_rejects_its_whole_batch()
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        await Assert.ThrowsAsync<InputException>(() =>
            engine.AddDocumentsAsync([new Document("good"), new Document("bad") { Vector = new float[] { 1, 2 } }])
        );
        await Assert.ThrowsAsync<InputException>(() =>
            engine.AddDocumentsAsync([
                new Document("good"),
                new Document("bad") { Vector = Enumerable.Repeat(float.NaN, WordModel.Dimensions).ToArray() },
            ])
        );
        await Assert.ThrowsAsync<InputException>(() => engine.AddDocumentsAsync([new Document("good"), new Document("x") { Id = " " }]));

        Assert.Equal(0, await engine.CountAsync());
    }

    [Fact]
    public async Task Missing_collection_is_not_created_when_creation_is_off()
    {
        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            SemanticSearchEngine.OpenAsync(Collection, WordModel.Options() with { CreateIfMissing = false })
        );

        Assert.Equal([new Remedy(RemedyAction.CreateCollection, Collection)], error.Remedies);
        Assert.False(Directory.Exists(Collection));
    }

    [Theory]
    [InlineData(1f, 0f, 2)]
    [InlineData(3f, 4f, 3)]
    public async Task Only_vectors_of_another_length_than_1_are_stored_twice(float x, float y, int format)
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("given.sextant"), WordModel.Options());
        float[] vector = new float[WordModel.Dimensions];
        (vector[0], vector[1]) = (x, y);
        await engine.AddDocumentsAsync([new Document("a text") { Id = "a", Vector = vector }]);

        Assert.Equal(format, (await engine.GetInfoAsync()).FormatVersion);
        using SqliteConnection connection = SqliteFile.Connect(_folder.File("given.sextant/documents.db"), SqliteOpenMode.ReadOnly);
        Assert.Equal(
            sizeof(float) * WordModel.Dimensions * (format == 2 ? 1 : 2),
            SqliteFile.Scalar(connection, "select length(vector) from vectors")
        );
        Assert.Equal(format, SqliteFile.Scalar(connection, "select cast(value as integer) from manifest where name = 'format'"));
    }

    [Fact]
    public async Task Create_does_not_overwrite_a_collection()
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        await Assert.ThrowsAsync<InputException>(() => SemanticSearchEngine.CreateAsync(Collection, WordModel.Options()));
    }

    [Fact]
    public async Task Maintenance_needs_no_model()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
            await engine.AddDocumentsAsync([new Document("text") { Id = "x" }]);

        // The registry does not contain a model named "words".
        await using SemanticSearchEngine without = await SemanticSearchEngine.OpenAsync(Collection);

        Assert.Equal(1, (await without.GetInfoAsync()).Documents);
        Assert.True((await without.Maintenance.VerifyAsync()).IsHealthy);
        Assert.Equal("text", (await without.GetAsync("x"))!.Text);
        await Assert.ThrowsAsync<InputException>(() => without.SearchAsync("text"));
    }

    [Fact]
    public async Task Listing_returns_every_document_once_with_its_vector()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 600).Select(i => new Document($"text {i}") { Id = $"{i}" }));

        List<Document> all = [];
        await foreach (Document document in engine.ListAsync())
            all.Add(document);

        Assert.Equal(Enumerable.Range(0, 600).Select(i => $"{i}"), all.Select(d => d.Id));
        Assert.All(all, d => Assert.Equal(WordModel.Dimensions, d.Vector!.Value.Length));
    }

    [Fact]
    public async Task Any_text_id_and_metadata_round_trip()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await Gen.Select(Gen.String, Gen.String, Gen.String, Gen.Double)
            .SampleAsync(
                async (id, text, value, number) =>
                {
                    (id, text, value) = (WellFormed(id) + "!", WellFormed(text), WellFormed(value));
                    if (!double.IsFinite(number))
                        number = 0;
                    JsonObject metadata = new()
                    {
                        [value] = value,
                        ["n"] = number,
                        ["list"] = new JsonArray(value, null, true),
                    };
                    await engine.AddDocumentsAsync([new Document(text) { Id = id, Metadata = metadata }]);
                    Document stored = (await engine.GetAsync(id))!;
                    Assert.Equal((id, text), (stored.Id, stored.Text));
                    Assert.True(JsonNode.DeepEquals(metadata, stored.Metadata), stored.Metadata!.ToJsonString());
                },
                iter: 200,
                threads: 1
            );
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);

        static string WellFormed(string any) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(any)).Replace('\0', '\ufffd');
    }

    [Fact]
    public async Task Metadata_that_would_break_filters_is_rejected()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        JsonNode deep = 1;
        for (int i = 0; i < 200; i++)
            deep = new JsonArray(deep);

        await Assert.ThrowsAsync<InputException>(() => engine.AddDocumentsAsync([new Document("x") { Metadata = new() { ["a"] = deep } }]));
        await Assert.ThrowsAsync<InputException>(() =>
            engine.AddDocumentsAsync([new Document("x") { Metadata = new() { ["a"] = double.NaN } }])
        );
    }

    [Fact]
    public async Task Searches_run_during_concurrent_changes()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 100).Select(i => new Document($"base {i}") { Id = $"b{i}" }));

        Task writing = Task.Run(async () =>
        {
            for (int round = 0; round < 20; round++)
            {
                await engine.AddDocumentsAsync(Enumerable.Range(0, 20).Select(i => new Document($"round {round} {i}") { Id = $"r{i}" }));
                await engine.DeleteAsync(Enumerable.Range(0, 10).Select(i => $"r{i}"));
            }
        });
        do
        {
            IReadOnlyList<SearchResult> hits = await engine.SearchAsync("base 5", 10);
            Assert.Equal(10, hits.Count);
            Assert.Equal("b5", hits[0].Id);
        } while (!writing.IsCompleted);

        await writing;
        Assert.Equal(110, await engine.CountAsync());
    }

    private Task<SemanticSearchEngine> OpenAsync(FakeGenerator? model = null) =>
        SemanticSearchEngine.OpenAsync(Collection, WordModel.Options(model));
}
