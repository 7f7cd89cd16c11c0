using Sextant.Search.Storage.Local;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>Collections that are read-only by request or because their location is not writable.</summary>
public sealed class ReadOnlyCollectionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("place/docs.sextant");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_reads_work_in_a_read_only_folder(bool snapshot)
    {
        await MakeAsync(snapshot, "alpha", "beta", "gamma");
        string[] before = Names();
        using (ReadOnlyFolder.Make(_folder.File("place")))
        {
            await using SemanticSearchEngine engine = await OpenAsync(readOnly: false);
            await ReadsAllAsync(engine, "alpha", "beta", "gamma");
            SextantException error = await Assert.ThrowsAnyAsync<SextantException>(() => engine.AddDocumentsAsync(["new"]));
            Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Names());
    }

    [Fact]
    public async Task Log_left_by_a_crash_is_read_in_a_read_only_folder()
    {
        foreach (bool index in (bool[])[false, true])
        {
            await CopyAsIfCrashedAsync(index);
            string[] before = Names();
            using (ReadOnlyFolder.Make(_folder.File("place")))
            {
                await using SemanticSearchEngine engine = await OpenAsync(readOnly: false);
                await ReadsAllAsync(engine, "logged");
            }

            Assert.Equal(before, Names());
            Directory.Delete(_folder.File("place"), recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_only_engine_writes_nothing_in_a_writable_folder(bool snapshot)
    {
        await MakeAsync(snapshot, "alpha", "beta");
        foreach (string left in (string[])["writer.lock", "writer.pid"])
            File.Delete(Path.Combine(Collection, left));
        string[] before = Names();
        DateTime written = Directory.GetLastWriteTimeUtc(Collection);

        await using (SemanticSearchEngine engine = await OpenAsync(readOnly: true))
        {
            await ReadsAllAsync(engine, "alpha", "beta");
            foreach (
                Func<Task> write in (Func<Task>[])
                    [
                        () => engine.AddDocumentsAsync(["new"]),
                        () => engine.DeleteAsync("alpha"),
                        () => engine.Maintenance.CompactAsync(),
                        () => engine.Maintenance.RepairAsync(),
                        () => engine.Maintenance.TuneEfSearchAsync(0.9),
                        () => engine.Maintenance.ReembedAsync(WordModel.Options(WordModel.Create("other"))),
                        () => engine.Maintenance.RestorePreviousModelAsync(),
                        () => engine.Maintenance.DropPreviousModelAsync(),
                        () => engine.Maintenance.AbandonReembeddingAsync(),
                    ]
            )
            {
                SextantException error = await Assert.ThrowsAnyAsync<SextantException>(write);
                Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
            }
        }

        Assert.Equal(before, Names());
        Assert.Equal(written, Directory.GetLastWriteTimeUtc(Collection));
    }

    [Fact]
    public async Task Read_only_engine_sees_changes_of_a_writer_that_opens_and_closes()
    {
        await MakeAsync(snapshot: true, "alpha");
        await using SemanticSearchEngine reader = await OpenAsync(readOnly: true);
        Assert.Equal(1, await reader.CountAsync());

        for (int round = 0; round < 3; round++)
        {
            await using (SemanticSearchEngine writer = await OpenAsync(readOnly: false))
            {
                await writer.AddDocumentsAsync([Named($"first {round}")]);
                Assert.Equal($"first {round}", (await reader.SearchAsync($"first {round}", 1))[0].Id);
                await writer.AddDocumentsAsync([Named($"second {round}")]);
                Assert.NotNull(await reader.GetAsync($"second {round}"));
            }

            Assert.Equal(3 + (2 * round), await reader.CountAsync());
        }

        Assert.Empty((await reader.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Reads_without_shared_memory_are_consistent_while_a_writer_opens_writes_and_closes()
    {
        await MakeAsync(snapshot: true, "alpha");
        await using SemanticSearchEngine reader = await OpenAsync(readOnly: true);
        using CancellationTokenSource done = new();
        Task reading = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                foreach (SearchResult hit in await reader.SearchAsync("alpha", 50))
                    Assert.Equal(hit.Id, hit.Text);
                await foreach (Document document in reader.ListAsync())
                    Assert.Equal(WordModel.Dimensions, document.Vector!.Value.Length);
            }
        });
        for (int round = 0; round < 10; round++)
        {
            await using SemanticSearchEngine writer = await OpenAsync(readOnly: false);
            await writer.AddDocumentsAsync(Enumerable.Range(0, 200).Select(i => Named($"text {round} {i}")));
        }

        await done.CancelAsync();
        await reading;
        Assert.Equal(2001, await reader.CountAsync());
        Assert.Empty((await reader.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Read_only_open_of_a_missing_collection_fails()
    {
        await Assert.ThrowsAsync<InputException>(() => OpenAsync(readOnly: true));
        Assert.False(Directory.Exists(_folder.File("place")));
    }

    [Fact]
    public async Task Backup_is_restored_from_a_read_only_disk()
    {
        await MakeAsync(snapshot: false, "alpha");
        string target = _folder.File("restored.sextant");
        using (ReadOnlyFolder.Make(_folder.File("place")))
            await CollectionMaintenance.RestoreAsync(Collection, target);

        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(target, WordModel.Options());
        Assert.NotNull(await engine.GetAsync("alpha"));
    }

    private async Task ReadsAllAsync(SemanticSearchEngine engine, params string[] texts)
    {
        Assert.Equal(texts[0], (await engine.SearchAsync(texts[0], 1))[0].Text);
        Assert.Equal(texts[0], (await engine.SearchAsync(texts[0], 1, new() { Mode = SearchMode.Hybrid, Filter = "kind = 'a'" }))[0].Text);
        Assert.NotNull(await engine.GetAsync(texts[^1]));
        Assert.Equal(texts.Length, await engine.CountAsync());
        Assert.Equal(texts.Length, (await engine.GetInfoAsync()).Documents);
        Assert.Equal(texts, (await engine.ListAsync().ToListAsync()).Select(document => document.Text));
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
        string copies = _folder.File(Guid.NewGuid().ToString("N"));
        await engine.Maintenance.BackupAsync(Path.Combine(copies, "backup.db"));
        await engine.Maintenance.SaveAsAsync(Path.Combine(copies, "saved.sextant"));
        await engine.Maintenance.CopyToAsync(Path.Combine(copies, "copy.sextant"));
        foreach (string copy in (string[])["saved.sextant", "copy.sextant"])
        {
            await using SemanticSearchEngine copied = await SemanticSearchEngine.OpenAsync(Path.Combine(copies, copy), WordModel.Options());
            Assert.Equal(texts.Length, await copied.CountAsync());
        }
    }

    private string[] Names() =>
        [.. Directory.EnumerateFileSystemEntries(_folder.File("place"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private async Task MakeAsync(bool snapshot, params string[] texts)
    {
        await using (SemanticSearchEngine engine = await OpenAsync(readOnly: false))
        {
            await engine.AddDocumentsAsync(texts.Select(Named));
            if (snapshot)
                await engine.Maintenance.CompactAsync();
        }

        if (!snapshot)
            File.Delete(Path.Combine(Collection, "index.hnsw"));
    }

    // Everything that was written is in the log only, and stays there when a process ends without closing.
    private async Task CopyAsIfCrashedAsync(bool withIndex)
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            _folder.File($"{Guid.NewGuid():N}.sextant"),
            WordModel.Options()
        );
        await engine.AddDocumentsAsync([Named("logged")]);
        Directory.CreateDirectory(Collection);
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            if (suffix != "-shm" || withIndex)
                File.Copy(Path.Combine(engine.Location, "documents.db" + suffix), Path.Combine(Collection, "documents.db" + suffix));
        }

        Assert.True(new FileInfo(new CollectionFiles(Collection).Log).Length > 0);
    }

    private static Document Named(string text) =>
        new(text)
        {
            Id = text,
            Metadata = new() { ["kind"] = "a" },
        };

    private Task<SemanticSearchEngine> OpenAsync(bool readOnly) =>
        SemanticSearchEngine.OpenAsync(Collection, WordModel.Options() with { ReadOnly = readOnly });
}
