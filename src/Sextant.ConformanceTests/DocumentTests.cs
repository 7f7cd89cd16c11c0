using Sextant.Search.Storage;
using Sextant.Tests.Shared.Models;
using Sextant.Tests.Shared.Search;

namespace Sextant.ConformanceTests;

/// <summary>Adding, replacing, deleting and listing documents.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class DocumentTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Adding_counts_added_updated_and_unchanged_documents()
    {
        FakeGenerator model = WordModel.Create();
        await using SemanticSearchEngine engine = await OpenAsync(WordModel.Options(model));
        await engine.AddDocumentsAsync([
            new Document("one") { Id = "1" },
            new Document("two") { Id = "2" },
            new Document("three") { Id = "3" },
        ]);
        int asked = model.Asked.Count();

        UpsertResult result = await engine.AddDocumentsAsync([
            new Document("one") { Id = "1" },
            new Document("two")
            {
                Id = "2",
                Metadata = new() { ["new"] = true },
            },
            new Document("drei") { Id = "3" },
            new Document("four") { Id = "4" },
        ]);

        Assert.Equal((1, 2, 1), (result.Added, result.Updated, result.Unchanged));
        Assert.Equal(["drei", "four"], model.Asked.Skip(asked).Order(StringComparer.Ordinal));
        Assert.Equal(["one", "two", "drei", "four"], await ListAsync(engine, d => d.Text));
        Assert.Equal(4, await engine.CountAsync());
        Assert.Equal("3", Assert.Single(await engine.SearchAsync("drei", 1)).Id);
        Assert.Equal("2", Assert.Single(await engine.SearchAsync("two", 5, new() { Filter = "new = true" })).Id);
        Assert.DoesNotContain(await engine.SearchAsync("three", 5, new() { Mode = SearchMode.Keyword }), _ => true);
    }

    [Fact]
    public async Task Given_vector_replaces_the_stored_one_of_the_same_text()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        float[] first = new float[WordModel.Dimensions],
            second = new float[WordModel.Dimensions];
        (first[0], second[1]) = (1, 1);

        await engine.AddDocumentsAsync([new Document("the text") { Id = "x", Vector = first }]);
        UpsertResult same = await engine.AddDocumentsAsync([new Document("the text") { Id = "x", Vector = first }]);
        UpsertResult other = await engine.AddDocumentsAsync([new Document("the text") { Id = "x", Vector = second }]);

        Assert.Equal((1, 1), (same.Unchanged, other.Updated));
        Assert.Equal(second, (await engine.GetAsync("x"))!.Vector!.Value.ToArray());
    }

    [Fact]
    public async Task Deleted_documents_are_gone_and_come_last_when_added_again()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("one") { Id = "1" },
            new Document("two") { Id = "2" },
            new Document("three") { Id = "3" },
        ]);

        Assert.Equal(2, await engine.DeleteAsync(["1", "missing", "3"]));
        Assert.False(await engine.DeleteAsync("1"));
        Assert.Equal(["2"], await ListIdsAsync(engine));
        Assert.Equal("2", Assert.Single(await engine.SearchAsync("one", 5)).Id);
        Assert.Empty(await engine.SearchAsync("one", 5, new() { Mode = SearchMode.Keyword }));
        Assert.Null(await engine.GetAsync("1"));

        await engine.AddDocumentsAsync([new Document("one") { Id = "1" }]);
        Assert.Equal(["2", "1"], await ListIdsAsync(engine));
    }

    [Fact]
    public async Task Document_deleted_and_added_again_during_a_listing_is_listed_once()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(Enumerable.Range(0, 6).Select(i => new Document($"text {i}") { Id = $"{i}" }));
        List<string> listed = [];
        await foreach (IReadOnlyList<StoredDocument> batch in engine.Store.ListAsync(2, CancellationToken.None))
        {
            listed.AddRange(batch.Select(document => document.Id));
            if (listed.Count > 2)
                continue;
            await engine.DeleteAsync(["0", "5"]);
            await engine.AddDocumentsAsync([
                new Document("text 0 again") { Id = "0" },
                new Document("text 7") { Id = "7" },
                new Document("text 3 changed") { Id = "3" },
            ]);
        }

        Assert.Equal(["0", "1", "2", "3", "4"], listed);
        Assert.Equal(["1", "2", "3", "4", "0", "7"], await ListIdsAsync(engine));
    }

    [Fact]
    public async Task Empty_collection_returns_empty_results()
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        foreach (SearchMode mode in Enum.GetValues<SearchMode>())
        {
            Assert.Empty(await engine.SearchAsync("anything", 5, new() { Mode = mode }));
            Assert.Empty(
                await engine.SearchAsync(
                    "anything",
                    5,
                    new()
                    {
                        Mode = mode,
                        Filter = "a = 1",
                        Exact = true,
                    }
                )
            );
        }

        Assert.Equal(0, await engine.CountAsync());
        Assert.Empty(await ListIdsAsync(engine));
        Assert.Null(await engine.GetAsync("x"));
        Assert.Equal(0, await engine.DeleteAsync(["x"]));
        Assert.Equal(
            (0, 0, 0),
            await engine.AddDocumentsAsync(Array.Empty<Document>()) is { } none ? (none.Added, none.Updated, none.Unchanged) : default
        );
        Assert.True((await engine.Maintenance.VerifyAsync()).IsHealthy);
        Assert.Equal(0, (await engine.GetInfoAsync()).Documents);
    }

    [Fact]
    public async Task Opening_with_another_model_is_an_error_that_names_both()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
            await engine.AddDocumentsAsync(["one"]);

        InputException refusal = await Assert.ThrowsAsync<InputException>(() => OpenAsync(WordModel.Options(WordModel.Create("others"))));

        Assert.Contains("words", refusal.Message);
        Assert.Contains("others", refusal.Message);
    }
}
