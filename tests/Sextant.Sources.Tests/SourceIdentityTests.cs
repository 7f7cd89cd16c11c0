using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Sources.Tests;

public sealed class SourceIdentityTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task File_is_the_same_source_alone_in_its_folder_and_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        Write("docs/a.md", "# A\n\none\n");
        Write("docs/b.csv", "text,n\none,1\ntwo,2\n");
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("docs"));
        File.CreateSymbolicLink(_folder.File("a-link.md"), _folder.File("docs/a.md"));
        await using SemanticSearchEngine engine = await OpenAsync();

        Assert.Equal(3, (await IndexAsync(engine, "docs")).Added);
        foreach (string source in (string[])["docs/a.md", "link", "link/b.csv", "a-link.md", "docs/../docs"])
        {
            IndexingResult result = await IndexAsync(engine, source);
            Assert.Equal((0L, 0L, 0L, 3L), (result.Added, result.Updated, result.Removed, result.Total));
        }
    }

    [Fact]
    public async Task Documents_indexed_through_a_link_do_not_change()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        Write("docs/a.md", "# A\n\none\n");
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("docs"));
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("# A\n\none\n")
            {
                Id = "link/a.md#a",
                Source = _folder.File("link/a.md"),
                Metadata = new() { ["title"] = "A", ["section"] = "A" },
            },
        ]);

        IndexingResult result = await IndexAsync(engine, "link");

        Assert.Equal((0L, 0L, 1L, 0L, 1L), (result.Added, result.Updated, result.Skipped, result.Removed, result.Total));
    }

    [Fact]
    public async Task Named_source_is_the_same_in_every_location()
    {
        Write("here/docs/a.txt", "one\n\ntwo\n");
        Write("here/docs/b.jsonl", "{\"id\":\"1\",\"text\":\"three\"}\n");
        Write("there/a.txt", "one\n\nchanged\n");
        Write("there/b.jsonl", "{\"id\":\"1\",\"text\":\"three\"}\n");
        Write("unrelated/a.txt", "one\n\ntwo\n");
        await using SemanticSearchEngine engine = await OpenAsync();
        await IndexAsync(engine, "unrelated");

        IndexingResult first = await IndexAsync(engine, "here/docs", "guide");
        IndexingResult second = await IndexAsync(engine, "there", "guide");

        Assert.Equal((3L, 5L), (first.Added, first.Total));
        Assert.Equal((1L, 0L, 2L, 1L, 5L), (second.Added, second.Updated, second.Skipped, second.Removed, second.Total));
        Assert.StartsWith("guide/a.txt#", (await engine.SearchAsync("changed", 1))[0].Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moved_file_keeps_unchanged_documents_or_all_with_its_old_source_name()
    {
        string old = Write("old.csv", "id,text\n1,one\n2,two\n");
        await using SemanticSearchEngine engine = await OpenAsync();
        await IndexAsync(engine, "old.csv");

        File.Move(old, _folder.File("new.csv"));
        IndexingResult moved = await IndexAsync(engine, "new.csv");
        Assert.Equal((0L, 2L, 2L), (moved.Added, moved.Updated, moved.Total));

        string again = _folder.File("again.csv");
        File.Move(_folder.File("new.csv"), again);
        Write("again.csv", "id,text\n1,one\n2,two has changed\n");
        InputException error = await Assert.ThrowsAsync<InputException>(() => IndexAsync(engine, "again.csv"));
        Assert.Contains(_folder.File("new.csv"), error.Message, StringComparison.Ordinal);
        IndexingResult named = await IndexAsync(engine, "again.csv", _folder.File("new.csv"));
        Assert.Equal(2, named.Total);
        Assert.Equal("two has changed", (await engine.GetAsync("2"))?.Text);
    }

    [Fact]
    public async Task Collection_moved_with_its_sources_keeps_unchanged_documents()
    {
        Write("docs/a.md", "# A\n\none\n\n# B\n\ntwo\n");
        await using SemanticSearchEngine engine = await OpenAsync();
        // Stored when the folder was elsewhere.
        await engine.AddDocumentsAsync([
            Moved("a", "# A\n\none\n\n", "A"),
            Moved("b", "# B\n\nnot this\n", "B"),
            Moved("docs", "elsewhere", "x") with
            {
                Source = _folder.File("docs/a.md"),
            },
        ]);

        IndexingResult result = await IndexAsync(engine, "docs");

        Assert.Equal((1L, 1L, 1L, 3L), (result.Added, result.Updated, result.Removed, result.Total));
        Assert.Equal("# B\n\nnot this\n", (await engine.GetAsync("docs/a.md#b"))?.Text);

        Document Moved(string section, string text, string heading) =>
            new(text)
            {
                Id = $"docs/a.md#{section}",
                Source = Path.Combine(_folder.Path + "-before", "docs", "a.md"),
                Metadata = new() { ["title"] = "A", ["section"] = heading },
            };
    }

    [Fact]
    public async Task Row_moved_to_another_file_of_its_folder_does_not_collide()
    {
        Write("docs/a.csv", "id,text\n1,one\n2,two\n");
        Write("docs/b.csv", "id,text\n3,three\n");
        await using SemanticSearchEngine engine = await OpenAsync();
        await IndexAsync(engine, "docs");
        Write("docs/a.csv", "id,text\n2,two\n");
        Write("docs/b.csv", "id,text\n1,one as it is now\n3,three\n");

        IndexingResult result = await IndexAsync(engine, "docs");

        Assert.Equal((0L, 1L, 2L, 0L, 3L), (result.Added, result.Updated, result.Skipped, result.Removed, result.Total));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("a\nb")]
    public async Task Source_name_must_be_valid_and_applies_to_one_source(string name)
    {
        Write("a.txt", "one");
        await using SemanticSearchEngine engine = await OpenAsync();

        await Assert.ThrowsAsync<InputException>(() => IndexAsync(engine, "a.txt", name));
        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            new CollectionIndexer(engine, new() { SourceName = "good" }).IndexAsync([_folder.Path, _folder.File("a.txt")])
        );
        Assert.Contains("'good' applies to one source", error.Message, StringComparison.Ordinal);
    }

    private Task<SemanticSearchEngine> OpenAsync() => SemanticSearchEngine.OpenAsync(_folder.File("c.sextant"), WordModel.Options());

    private Task<IndexingResult> IndexAsync(SemanticSearchEngine engine, string source, string? name = null) =>
        new CollectionIndexer(engine, new() { SourceName = name }).IndexAsync([_folder.File(source)]);

    private string Write(string name, string text)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
