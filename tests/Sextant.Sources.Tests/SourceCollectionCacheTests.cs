using System.Text.Json;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Sources.Tests;

public sealed class SourceCollectionCacheTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private SourceCollectionCache Cache => new(_folder.File("cache"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cache_folder_that_does_not_exist_is_empty()
    {
        Assert.Equal(new(Cache.Path, 0, 0), Cache.GetStatistics());
        Assert.Equal(new(0, 0), Cache.Clear());
        Assert.False(Directory.Exists(_folder.File("cache")));
    }

    [Fact]
    public void Options_are_described_as_in_the_names_of_existing_collections()
    {
        CollectionIndexerOptions options = new()
        {
            Reader = new()
            {
                TextField = "title+body",
                PlainText = PlainTextUnit.Line,
                Include = ["*.md", "ä&b"],
                SkipBad = true,
            },
            ChunkTokens = 100,
        };

        Assert.Equal(
            """
            {"Reader":{"TextField":"title\u002Bbody","IdField":null,"PlainText":1,"JsonPath":null,"Include":["*.md","\u00E4\u0026b"],
            "Exclude":[],"UseGitIgnore":false,"SkipBad":true},"SourceName":null,"ChunkTokens":100,"OverlapTokens":0,"BatchSize":1024}
            """.Replace("\n", "", StringComparison.Ordinal),
            SourceCollection.Describe(options)
        );
        Assert.Equal(JsonSerializer.Serialize(options), SourceCollection.Describe(options));
        Assert.Equal(JsonSerializer.Serialize(new CollectionIndexerOptions()), SourceCollection.Describe(new()));
    }

    [Fact]
    public async Task Collection_in_use_is_not_removed()
    {
        await using (SemanticSearchEngine engine = await SearchAsync("a.txt"))
        {
            Assert.Equal(new(0, 1), Cache.Clear());
            Assert.Equal(1, Cache.GetStatistics().Count);
            Assert.Single(await engine.SearchAsync("text", 1));
        }

        Assert.Equal(new(1, 0), Cache.Clear());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Cache.Path));
    }

    [Fact]
    public async Task Two_searches_share_a_collection_and_both_protect_it()
    {
        SemanticSearchEngine first = await SearchAsync("a.txt");
        await using SemanticSearchEngine second = await SearchAsync("a.txt");
        await first.DisposeAsync();

        Assert.Equal(new(0, 1), Cache.Clear());
    }

    [Fact]
    public async Task Pruning_removes_what_was_unused_for_longest_and_stops_at_the_size()
    {
        await (await SearchAsync("old.txt")).DisposeAsync();
        await (await SearchAsync("new.txt")).DisposeAsync();
        string[] kept = Directory.GetDirectories(Cache.Path);
        await (await SearchAsync("old.txt")).DisposeAsync();
        string recent = kept.MaxBy(CollectionUse.LastUse)!;
        long size = Cache.GetStatistics().Bytes;

        Assert.Equal(new(0, 0), Cache.Prune(size));
        Assert.Equal(new(1, 0), Cache.Prune(size - 1));

        Assert.Equal([recent], Directory.GetDirectories(Cache.Path));
        await using SemanticSearchEngine engine = await SearchAsync("old.txt");
        Assert.Equal([recent], Directory.GetDirectories(Cache.Path));
    }

    [Fact]
    public void Interrupted_removal_is_completed_by_the_next()
    {
        Directory.CreateDirectory(Path.Combine(Cache.Path, "0123.deleted"));
        File.WriteAllText(Path.Combine(Cache.Path, "0123.lock"), "");
        Assert.Equal(0, Cache.GetStatistics().Count);

        Assert.Equal(new(0, 0), Cache.Clear());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Cache.Path));
    }

    [Fact]
    public async Task Search_waits_while_its_collection_is_being_removed()
    {
        await (await SearchAsync("a.txt")).DisposeAsync();
        string folder = Assert.Single(Directory.GetDirectories(Cache.Path));
        IDisposable removal = CollectionUse.TryEnd(folder)!;
        Task<SemanticSearchEngine> search = SearchAsync("a.txt");
        Directory.Delete(folder, recursive: true);
        Assert.False(search.IsCompleted);

        removal.Dispose();

        await using SemanticSearchEngine engine = await search;
        Assert.Equal(1, await engine.CountAsync());
    }

    private Task<SemanticSearchEngine> SearchAsync(string file)
    {
        string path = _folder.File(file);
        if (!File.Exists(path))
            File.WriteAllText(path, "some text");
        SemanticSearchEngineOptions options = WordModel.Options(WordModel.Create());
        return SourceCollection.OpenAsync(
            path,
            options with
            {
                Pipeline = options.Pipeline! with { CacheDirectory = _folder.File("cache") },
            }
        );
    }
}
