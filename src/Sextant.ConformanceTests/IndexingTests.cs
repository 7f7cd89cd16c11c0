using Sextant.Sources;
using Sextant.Tests.Shared;

namespace Sextant.ConformanceTests;

/// <summary>Files indexed into the store.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class IndexingTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Indexing_again_synchronizes_the_collection_with_its_sources()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("a.txt"), "the first text");
        File.WriteAllText(folder.File("b.txt"), "the second text");
        await using SemanticSearchEngine engine = await OpenAsync();
        CollectionIndexer indexer = new(engine, new() { ChunkTokens = 0 });
        IndexingResult first = await indexer.IndexAsync([folder.Path]);
        File.WriteAllText(folder.File("a.txt"), "the first text, changed");
        File.Delete(folder.File("b.txt"));
        File.WriteAllText(folder.File("c.txt"), "the third text");

        IndexingResult second = await indexer.IndexAsync([folder.Path]);
        IndexingResult third = await indexer.IndexAsync([folder.Path]);

        Assert.Equal((2L, 0L, 0L, 0L, 2L), (first.Added, first.Updated, first.Skipped, first.Removed, first.Total));
        Assert.Equal(2, second.Total);
        Assert.Equal((0L, 0L, 2L, 0L, 2L), (third.Added, third.Updated, third.Skipped, third.Removed, third.Total));
        Assert.Equal(["the first text, changed", "the third text"], (await ListAsync(engine, d => d.Text)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sources_of_the_same_name_keep_separate_documents()
    {
        using TempFolder folder = new();
        string mine = folder.File("README.md"),
            other = Path.Combine(folder.Path + "-other", "README.md");
        File.WriteAllText(mine, "# Tool\n\n## Install\n\nmine\n\n## Use\n\nmine too\n");
        await using SemanticSearchEngine engine = await OpenAsync();
        // Stored when both were indexed from within their folders.
        await engine.AddDocumentsAsync([
            new Document("theirs") { Id = "README.md#tool/install", Source = other },
            new Document("gone by now") { Id = "README.md#tool/gone", Source = mine },
        ]);
        CollectionIndexer indexer = new(engine, new() { ChunkTokens = 0 });

        IndexingResult first = await indexer.IndexAsync([mine]);
        IndexingResult second = await indexer.IndexAsync([folder.Path]);

        Assert.Equal((2L, 0L, 0L, 1L, 3L), (first.Added, first.Updated, first.Skipped, first.Removed, first.Total));
        Assert.Equal((0L, 2L), (second.Added, second.Skipped));
        Assert.Equal("## Use\n\nmine too\n", (await engine.GetAsync("README.md#tool/use"))?.Text);
        Assert.Equal("theirs", (await engine.GetAsync("README.md#tool/install"))?.Text);
        Assert.Contains("## Install\n\nmine\n\n", await ListAsync(engine, d => d.Text));
    }

    [Fact]
    public async Task Duplicate_id_in_another_source_is_an_error_that_names_both()
    {
        using TempFolder folder = new();
        string one = folder.File("one.csv"),
            two = folder.File("two.csv");
        File.WriteAllText(one, "id,text\n1,the first\n");
        File.WriteAllText(two, "id,text\n1,the second\n");
        await using SemanticSearchEngine engine = await OpenAsync();
        CollectionIndexer indexer = new(engine, new() { ChunkTokens = 0 });
        await indexer.IndexAsync([one]);

        InputException error = await Assert.ThrowsAsync<InputException>(() => indexer.IndexAsync([two]));

        Assert.Contains($"{two}:2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(one, error.Message, StringComparison.Ordinal);
        Assert.Equal("the first", (await engine.GetAsync("1"))?.Text);
    }
}
