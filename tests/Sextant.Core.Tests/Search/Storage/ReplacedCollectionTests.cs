using System.Diagnostics;
using Sextant.Search.Storage;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Local;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>The files of a collection are restored, replaced or removed while an engine has them open.</summary>
public sealed class ReplacedCollectionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("docs.sextant");

    private string Backup => _folder.File("backup.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Engine_that_only_read_uses_the_restored_collection_and_its_later_writes_persist()
    {
        await MakeAsync(Collection, "kept");
        await BackupAsync(Collection);
        await MakeAsync(Collection, "later");
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        Assert.Equal(2, await engine.CountAsync());

        await CollectionMaintenance.RestoreAsync(Backup, Collection);

        Assert.Equal(1, await engine.CountAsync());
        Assert.Equal(["kept"], (await engine.SearchAsync("later", 5)).Select(hit => hit.Id));
        await engine.AddDocumentsAsync([Named("new")]);
        Assert.NotNull(await engine.GetAsync("new"));
        Assert.Equal("new", (await engine.SearchAsync("new", 1))[0].Id);
        await using SemanticSearchEngine other = await OpenAsync(Collection);
        Assert.Equal(["kept", "new"], (await other.SearchAsync("new", 5)).Select(hit => hit.Id).Order(StringComparer.Ordinal));
        Assert.Empty((await other.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Write_after_a_restore_goes_to_the_restored_collection()
    {
        await MakeAsync(Collection, "kept");
        await BackupAsync(Collection);
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        Assert.Single(await engine.SearchAsync("kept", 5));
        await CollectionMaintenance.RestoreAsync(Backup, Collection);

        await engine.AddDocumentsAsync([Named("new")]);

        await using SemanticSearchEngine other = await OpenAsync(Collection);
        Assert.NotNull(await other.GetAsync("new"));
    }

    [Fact]
    public async Task Replaced_folder_is_searched_even_with_an_equal_change_count()
    {
        await MakeAsync(Collection, "alpha", "beta");
        string next = _folder.File("next.sextant");
        await MakeAsync(next, "gamma", "delta");
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        Assert.Equal("alpha", (await engine.SearchAsync("alpha", 1))[0].Id);
        string? before = await engine.Store.GetVersionAsync(default);
        Assert.Equal(2, (await engine.SearchAsync("alpha", 5, new() { Filter = "kind = 'a'" })).Count);

        Directory.Move(Collection, _folder.File("before.sextant"));
        Directory.Move(next, Collection);

        Assert.Equal("gamma", (await engine.SearchAsync("gamma", 1))[0].Id);
        Assert.Equal(
            ["delta", "gamma"],
            (await engine.SearchAsync("alpha", 5, new() { Filter = "kind = 'a'" })).Select(hit => hit.Id).Order(StringComparer.Ordinal)
        );
        Assert.Null(await engine.GetAsync("alpha"));
        Assert.NotEqual(before, await engine.Store.GetVersionAsync(default));
    }

    [Fact]
    public async Task Listing_never_mixes_documents_of_two_collections()
    {
        await MakeAsync(Collection, "alpha", "beta", "gamma");
        string next = _folder.File("next.sextant");
        await MakeAsync(next, "one", "two", "three", "four");
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        await using IAsyncEnumerator<IReadOnlyList<StoredDocument>> pages = engine.Store.ListAsync(1, default).GetAsyncEnumerator();
        Assert.True(await pages.MoveNextAsync());
        Assert.Equal("alpha", pages.Current[0].Id);

        Directory.Move(Collection, _folder.File("before.sextant"));
        Directory.Move(next, Collection);

        SextantException refused = await Assert.ThrowsAsync<SextantException>(async () => await pages.MoveNextAsync());
        Assert.Contains("was replaced while its documents were being read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_that_wrote_switches_to_the_new_file()
    {
        await MakeAsync(Collection, "alpha");
        string next = _folder.File("next.sextant"),
            before = _folder.File("before.sextant");
        await MakeAsync(next, "beta");
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        await engine.AddDocumentsAsync([Named("written")]);

        Directory.Move(Collection, before);
        Directory.Move(next, Collection);
        await engine.AddDocumentsAsync([Named("new")]);

        Assert.Equal(["beta", "new"], (await engine.SearchAsync("new", 5)).Select(hit => hit.Id).Order(StringComparer.Ordinal));
        await using (SemanticSearchEngine other = await OpenAsync(Collection))
            Assert.NotNull(await other.GetAsync("new"));
        // The right to write to the old one is free again.
        await using SemanticSearchEngine old = await OpenAsync(before);
        await old.AddDocumentsAsync([Named("mine")]);
        Assert.Equal(3, await old.CountAsync());
    }

    [Fact]
    public async Task Collection_of_another_model_is_rejected_by_an_engine_with_a_fixed_model()
    {
        await MakeAsync(Collection, "alpha");
        string next = _folder.File("next.sextant");
        await using (SemanticSearchEngine other = await SemanticSearchEngine.OpenAsync(next, WordModel.Options(WordModel.Create("others"))))
            await other.AddDocumentsAsync([Named("beta")]);
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        Assert.Single(await engine.SearchAsync("alpha", 1));

        Directory.Move(Collection, _folder.File("before.sextant"));
        Directory.Move(next, Collection);

        InputException error = await Assert.ThrowsAsync<InputException>(() => engine.SearchAsync("beta", 1));
        Assert.Contains("others", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InputException>(() => engine.AddDocumentsAsync([Named("new")]));
    }

    [Fact]
    public async Task Deleted_collection_is_neither_read_nor_written()
    {
        await MakeAsync(Collection, "alpha");
        await using (SemanticSearchEngine engine = await OpenAsync(Collection))
        {
            await engine.AddDocumentsAsync([Named("beta")]);
            Directory.Delete(Collection, recursive: true);

            foreach (
                Func<Task> use in (Func<Task>[])
                    [
                        () => engine.SearchAsync("alpha", 1),
                        () => engine.CountAsync(),
                        () => engine.GetAsync("alpha"),
                        () => engine.GetInfoAsync(),
                        () => engine.AddDocumentsAsync([Named("new")]),
                        () => engine.DeleteAsync("alpha"),
                        () => engine.Maintenance.VerifyAsync(),
                        () => engine.Maintenance.CompactAsync(),
                    ]
            )
            {
                SextantException error = await Assert.ThrowsAnyAsync<SextantException>(use);
                Assert.Contains("the collection's files were deleted", error.Message, StringComparison.Ordinal);
            }
        }

        Assert.False(Directory.Exists(Collection));
    }

    [Fact]
    public async Task Open_engine_uses_a_collection_recreated_after_deletion()
    {
        await MakeAsync(Collection, "alpha");
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        await engine.AddDocumentsAsync([Named("beta")]);
        Directory.Delete(Collection, recursive: true);
        await MakeAsync(Collection, "gamma");

        await engine.AddDocumentsAsync([Named("new")]);

        Assert.Equal(["gamma", "new"], (await engine.SearchAsync("new", 5)).Select(hit => hit.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Database_next_to_the_log_of_another_is_rejected()
    {
        await MakeAsync(Collection, "kept");
        await BackupAsync(Collection);
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        await engine.AddDocumentsAsync([Named("later")]);
        Assert.True(new FileInfo(Path.Combine(Collection, "documents.db-wal")).Length > 0);

        File.Move(Backup, Path.Combine(Collection, "documents.db"), overwrite: true);

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(() => engine.CountAsync());
        Assert.Contains("documents.db-wal", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<SextantException>(() => engine.AddDocumentsAsync([Named("new")]));
        foreach (string log in (string[])["documents.db-wal", "documents.db-shm"])
            File.Delete(Path.Combine(Collection, log));
        Assert.Equal(1, await engine.CountAsync());
        Assert.Equal(["kept"], (await engine.SearchAsync("later", 5)).Select(hit => hit.Id));
    }

    [Fact]
    public async Task Writer_with_a_deleted_lock_file_continues_only_without_another_writer()
    {
        await MakeAsync(Collection, "alpha");
        await using SemanticSearchEngine one = await OpenAsync(Collection),
            two = await OpenAsync(Collection);
        await one.AddDocumentsAsync([Named("one")]);

        File.Delete(Path.Combine(Collection, "writer.lock"));
        await one.AddDocumentsAsync([Named("still one")]);
        await Assert.ThrowsAsync<CollectionBusyException>(() => two.AddDocumentsAsync([Named("two")]));

        File.Delete(Path.Combine(Collection, "writer.lock"));
        await two.AddDocumentsAsync([Named("two")]);
        await Assert.ThrowsAsync<CollectionBusyException>(() => one.AddDocumentsAsync([Named("lost")]));
        Assert.Equal(
            ["alpha", "one", "still one", "two"],
            (await one.SearchAsync("one", 9)).Select(hit => hit.Id).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Lock_deleted_and_taken_by_another_writer_aborts_the_write()
    {
        await MakeAsync(Collection, "alpha");
        CollectionFiles files = new(Collection);
        using WriterLock first = WriterLock.Take(files);
        using DocumentWriter writer = new(files, first);
        File.Delete(files.Lock);
        using WriterLock second = WriterLock.Take(files);

        Assert.False(first.IsHeld);
        Assert.True(second.IsHeld);
        Assert.Throws<CollectionBusyException>(() => writer.Delete(["alpha"]));
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        Assert.Equal(1, await engine.CountAsync());
    }

    [Fact]
    public async Task Snapshot_overwritten_in_place_is_not_read_further()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an open file cannot be overwritten there");
        await MakeAsync(Collection, "alpha");
        string other = _folder.File("other.sextant");
        await MakeAsync(other, "beta");
        await CompactAsync(Collection);
        await CompactAsync(other);
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        Assert.Equal(1, (await engine.SearchAsync("alpha", 1))[0].Score, 0.001);

        // Not File.Copy, which respects that the file is open.
        using (Process copy = Process.Start("cp", [Path.Combine(other, "index.hnsw"), Path.Combine(Collection, "index.hnsw")]))
            await copy.WaitForExitAsync();

        Assert.Equal(1, (await engine.SearchAsync("alpha", 1))[0].Score, 0.001);

        await engine.AddDocumentsAsync([Named("new")]);
        Assert.Equal(["alpha", "new"], (await engine.SearchAsync("new", 5)).Select(hit => hit.Id).Order(StringComparer.Ordinal));
        await using SemanticSearchEngine again = await OpenAsync(Collection);
        Assert.Equal(["alpha", "new"], (await again.SearchAsync("new", 5)).Select(hit => hit.Id).Order(StringComparer.Ordinal));
    }

    private async Task BackupAsync(string collection)
    {
        await using SemanticSearchEngine engine = await OpenAsync(collection);
        await engine.Maintenance.BackupAsync(Backup);
    }

    private static async Task CompactAsync(string collection)
    {
        await using SemanticSearchEngine engine = await OpenAsync(collection);
        await engine.Maintenance.CompactAsync();
    }

    private static async Task MakeAsync(string collection, params string[] texts)
    {
        await using SemanticSearchEngine engine = await OpenAsync(collection);
        foreach (string text in texts)
            await engine.AddDocumentsAsync([Named(text)]);
    }

    private static Document Named(string text) =>
        new(text)
        {
            Id = text,
            Metadata = new() { ["kind"] = "a" },
        };

    // Each engine stands for one of another process.
    private static Task<SemanticSearchEngine> OpenAsync(string collection) =>
        SemanticSearchEngine.OpenAsync(collection, WordModel.Options() with { IsUnshared = true });
}
