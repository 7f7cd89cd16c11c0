using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;
using Sextant.Tests.Shared.Search;

namespace Sextant.Sources.Tests;

public sealed class CollectionIndexerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("docs.sextant");

    private string Sources => _folder.File("sources");

    public CollectionIndexerTests() => Directory.CreateDirectory(Sources);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Second_run_adds_replaces_and_removes_documents()
    {
        FakeGenerator model = WordModel.Create();
        await using SemanticSearchEngine engine = await OpenAsync(model);
        Write("a.jsonl", ("1", "stays"), ("2", "changes"), ("3", "goes"));
        Write("b.jsonl", ("4", "file goes"));
        Assert.Equal(new IndexingResult(4, 0, 0, 0, 4, 0), await IndexAsync(engine));
        int asked = model.Asked.Count();

        Write("a.jsonl", ("1", "stays"), ("2", "has changed"), ("5", "comes"));
        File.Delete(Path.Combine(Sources, "b.jsonl"));
        IndexingResult second = await IndexAsync(engine);

        Assert.Equal(new IndexingResult(1, 1, 1, 2, 3, 0), second);
        Assert.Equal(["has changed", "comes"], model.Asked.Skip(asked));
        Assert.Equal(new IndexingResult(0, 0, 3, 0, 3, 0), await IndexAsync(engine));
        Assert.Equal("2", (await engine.SearchAsync("has changed", 1))[0].Id);
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Documents_of_other_sources_are_not_changed()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        Write("a.jsonl", ("1", "one"));
        Write("ab.jsonl", ("2", "two"));
        await engine.AddDocumentsAsync(["by hand"]);
        await IndexAsync(engine);

        await new CollectionIndexer(engine).IndexAsync([Path.Combine(Sources, "a.jsonl")]);

        Assert.Equal(3, await engine.CountAsync());
    }

    [Fact]
    public async Task Id_with_two_texts_is_an_error_with_the_location()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        Write("a.jsonl", ("1", "one"), ("1", "one"));
        Assert.Equal(1, (await IndexAsync(engine)).Total);
        Write("b.jsonl", ("1", "another"));

        InputException error = await Assert.ThrowsAsync<InputException>(() => IndexAsync(engine));

        Assert.Contains("b.jsonl:1", error.Message, StringComparison.Ordinal);
        Assert.Contains("a.jsonl", error.Message, StringComparison.Ordinal);
        Write("b.jsonl", ("2", "one"), ("2", "another"));
        error = await Assert.ThrowsAsync<InputException>(() => IndexAsync(engine));
        Assert.Contains("b.jsonl:2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shorter_text_leaves_no_stale_chunks()
    {
        FakeGenerator model = new()
        {
            Profile = WordModel.Create().Profile,
            Embed = WordModel.Embed,
            Counter = new FakeGenerator.WordCounter(),
        };
        await using SemanticSearchEngine engine = await OpenAsync(model);
        CollectionIndexer indexer = new(engine, new() { ChunkTokens = 6 });
        Write("a.jsonl", ("1", "One two three four. Five six seven eight. Nine ten eleven twelve."));
        Assert.Equal(3, (await indexer.IndexAsync([Sources])).Added);
        Assert.Contains("Five six", (await engine.SearchAsync("five six seven eight", 1))[0].Text, StringComparison.Ordinal);

        Write("a.jsonl", ("1", "One two three four."));
        IndexingResult result = await indexer.IndexAsync([Sources]);

        Assert.Equal(1, result.Total);
        Assert.Equal("One two three four.", (await engine.SearchAsync("anything", 5)).Single().Text);
    }

    [Fact]
    public async Task Chunking_by_tokens_requires_a_model_that_counts_them()
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            new CollectionIndexer(engine, new() { ChunkTokens = 6 }).IndexAsync([Sources])
        );

        Assert.Equal([nameof(CollectionIndexerOptions.ChunkTokens)], error.RelatedOptions);
        Assert.DoesNotContain("--", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_run_keeps_complete_batches_and_the_next_run_resumes()
    {
        using CancellationTokenSource stop = new();
        Write("a.jsonl", [.. Enumerable.Range(0, 500).Select(i => ($"{i}", $"text {i}"))]);
        int requests = 0;
        FakeGenerator model = Stopping(() =>
        {
            if (++requests == 6)
                stop.Cancel();
        });
        await using (SemanticSearchEngine engine = await OpenAsync(model))
        {
            await engine.AddDocumentsAsync([new Document("there before") { Source = Path.Combine(Sources, "gone.jsonl") }]);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                new CollectionIndexer(engine, new() { BatchSize = 50 }).IndexAsync([Sources], null, stop.Token)
            );
            Assert.NotNull((await engine.SearchAsync("there before", 1))[0]);
            Assert.Equal(1, await engine.CountAsync() % 50);
            Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        }

        await using SemanticSearchEngine again = await OpenAsync();
        long before = await again.CountAsync();
        IndexingResult result = await IndexAsync(again);
        Assert.Equal((501 - before, before - 1, 1, 500), (result.Added, result.Skipped, result.Removed, result.Total));
    }

    [Fact]
    public async Task Model_failure_stops_the_run_with_its_error()
    {
        Write("a.jsonl", [.. Enumerable.Range(0, 300).Select(i => ($"{i}", $"text {i}"))]);
        int requests = 0;
        await using SemanticSearchEngine engine = await OpenAsync(
            Stopping(() =>
            {
                if (++requests == 3)
                    throw new SextantException("the model is gone");
            })
        );

        SextantException error = await Assert.ThrowsAsync<SextantException>(() =>
            new CollectionIndexer(engine, new() { BatchSize = 50 }).IndexAsync([Sources])
        );

        Assert.Equal("the model is gone", error.Message);
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Progress_ends_with_all_documents_read_embedded_and_indexed()
    {
        Write("a.jsonl", [.. Enumerable.Range(0, 120).Select(i => ($"{i}", $"text {i}"))]);
        await using SemanticSearchEngine engine = await OpenAsync();
        Latest latest = new();

        await new CollectionIndexer(engine, new() { BatchSize = 50 }).IndexAsync([Sources], latest);

        Assert.Equal(new IndexingProgress(120, 120, 120, true), latest.Value);
    }

    [Fact]
    public async Task Searched_files_are_cached_and_read_again_only_after_a_change()
    {
        Write("a.jsonl", ("1", "first text"), ("2", "second text"));
        FakeGenerator model = WordModel.Create();
        SemanticSearchEngineOptions options = WordModel.Options(model);
        options = options with { Pipeline = options.Pipeline! with { CacheDirectory = _folder.File("cache") } };
        await using (SemanticSearchEngine engine = await SourceCollection.OpenAsync(Sources, options))
            Assert.Equal("2", (await engine.SearchAsync("second text", 1))[0].Id);
        int asked = model.Asked.Count();
        Latest latest = new();

        await using (SemanticSearchEngine engine = await SourceCollection.OpenAsync(Sources, options, progress: latest))
            Assert.Equal(2, await engine.CountAsync());
        Assert.Equal(default, latest.Value);
        Assert.Equal(asked, model.Asked.Count());

        Write("a.jsonl", ("1", "first text"), ("3", "third text, longer"));
        await using (SemanticSearchEngine engine = await SourceCollection.OpenAsync(Sources, options))
        {
            Assert.Equal(2, await engine.CountAsync());
            Assert.Equal("3", (await engine.SearchAsync("third text", 1))[0].Id);
        }

        InputException error = await Assert.ThrowsAsync<InputException>(() => SourceCollection.OpenAsync(_folder.File("nothing"), options));
        Assert.Contains("no such file or folder", error.Message, StringComparison.Ordinal);
    }

    private static FakeGenerator Stopping(Action before) =>
        new()
        {
            Profile = WordModel.Create().Profile,
            Embed = WordModel.Embed,
            Before = (_, _) =>
            {
                before();
                return Task.CompletedTask;
            },
        };

    private Task<SemanticSearchEngine> OpenAsync(FakeGenerator? model = null) =>
        SemanticSearchEngine.OpenAsync(Collection, WordModel.Options(model));

    private Task<IndexingResult> IndexAsync(SemanticSearchEngine engine) => new CollectionIndexer(engine).IndexAsync([Sources]);

    private void Write(string file, params (string Id, string Text)[] rows) =>
        File.WriteAllLines(Path.Combine(Sources, file), rows.Select(row => $$"""{"id":"{{row.Id}}","text":"{{row.Text}}"}"""));

    private sealed class Latest : IProgress<IndexingProgress>
    {
        private readonly Lock _lock = new();

        public IndexingProgress Value { get; private set; }

        // Stages report side by side, so the last report is the one that is furthest.
        public void Report(IndexingProgress value)
        {
            lock (_lock)
            {
                Value = new(
                    Math.Max(Value.Read, value.Read),
                    Math.Max(Value.Embedded, value.Embedded),
                    Math.Max(Value.Indexed, value.Indexed),
                    Value.AllRead || value.AllRead
                );
            }
        }
    }
}
