using Sextant.Search;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests;

public sealed class MaintenanceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("docs.sextant");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copy_is_independent_of_the_original()
    {
        string copy = _folder.File("a/copy.sextant");
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        await engine.AddDocumentsAsync(["alpha", "beta"]);

        await engine.Maintenance.SaveAsAsync(copy);
        await engine.AddDocumentsAsync(["gamma"]);

        await using SemanticSearchEngine copied = await OpenAsync(copy);
        Assert.Empty(copied.Warnings);
        Assert.Equal(2, await copied.CountAsync());
        Assert.Equal("beta", (await copied.SearchAsync("beta", 1))[0].Text);
        await copied.AddDocumentsAsync(["delta"]);
        Assert.Equal(3, await engine.CountAsync());
        await Assert.ThrowsAsync<InputException>(() => engine.Maintenance.SaveAsAsync(copy));
        Assert.Equal(["copy.sextant"], Directory.EnumerateFileSystemEntries(_folder.File("a")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Restore_recovers_everything_and_keeps_the_replaced_collection()
    {
        string backup = _folder.File("backup.db");
        await using (SemanticSearchEngine engine = await OpenAsync(Collection))
        {
            await engine.AddDocumentsAsync([
                new Document("kept")
                {
                    Id = "k",
                    Metadata = new() { ["a"] = 1 },
                    Source = "s",
                },
            ]);
            await engine.Maintenance.BackupAsync(backup);
            await engine.AddDocumentsAsync(["lost"]);
        }

        Assert.Equal([backup, Collection], Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
        await CollectionMaintenance.RestoreAsync(backup, Collection);

        await using SemanticSearchEngine restored = await OpenAsync(Collection);
        Document only = (await restored.GetAsync("k"))!;
        Assert.Equal(("kept", "s", 1), (only.Text, only.Source, (int)only.Metadata!["a"]!));
        Assert.Equal(1, await restored.CountAsync());
        Assert.Equal("kept", (await restored.SearchAsync("kept", 1, new() { Mode = SearchMode.Keyword }))[0].Text);
        Assert.Empty((await restored.Maintenance.VerifyAsync()).Problems);
        Assert.True(File.Exists(Path.Combine(Collection, "documents.db.before-restore")));
    }

    [Fact]
    public async Task Damaged_collection_is_restored_from_its_backup()
    {
        string backup = _folder.File("backup.db");
        await using (SemanticSearchEngine engine = await OpenAsync(Collection))
        {
            await engine.AddDocumentsAsync(["kept"]);
            await engine.Maintenance.BackupAsync(backup);
        }

        await File.WriteAllTextAsync(Path.Combine(Collection, "documents.db"), "not a database at all, and longer than a header would be");
        await Assert.ThrowsAsync<CollectionDamagedException>(() => OpenAsync(Collection));
        await CollectionMaintenance.RestoreAsync(backup, Collection);

        await using SemanticSearchEngine restored = await OpenAsync(Collection);
        Assert.Equal("kept", (await restored.SearchAsync("kept", 1))[0].Text);
    }

    [Fact]
    public async Task Restore_rejects_a_folder_without_a_backup_and_keeps_the_collection()
    {
        string noise = _folder.File("noise.db");
        await File.WriteAllTextAsync(noise, new string('x', 5000));
        await using (SemanticSearchEngine engine = await OpenAsync(Collection))
            await engine.AddDocumentsAsync(["kept"]);

        await Assert.ThrowsAsync<InputException>(() => CollectionMaintenance.RestoreAsync(noise, Collection));
        await Assert.ThrowsAsync<InputException>(() => CollectionMaintenance.RestoreAsync(_folder.File("nothing"), Collection));
        await Assert.ThrowsAsync<InputException>(() => CollectionMaintenance.RestoreAsync(Collection, Collection));

        await using SemanticSearchEngine same = await OpenAsync(Collection);
        Assert.Equal(1, await same.CountAsync());
        Assert.DoesNotContain(Directory.EnumerateFiles(Collection), f => f.Contains("restor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_does_not_replace_a_collection_in_use()
    {
        string backup = _folder.File("backup.db");
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        await engine.AddDocumentsAsync(["kept"]);
        await engine.Maintenance.BackupAsync(backup);

        await Assert.ThrowsAsync<CollectionBusyException>(() => CollectionMaintenance.RestoreAsync(backup, Collection));
    }

    [Fact]
    public async Task Compacting_reclaims_space_and_changes_no_result()
    {
        await using (SemanticSearchEngine engine = await OpenAsync(Collection))
        {
            await engine.AddDocumentsAsync(Enumerable.Range(0, 1500).Select(i => new Document($"text {i}") { Id = $"{i}" }));
            await engine.DeleteAsync(Enumerable.Range(0, 1400).Select(i => $"{i}"));
            CollectionInfo before = await engine.GetInfoAsync();
            IReadOnlyList<SearchResult> found = await engine.SearchAsync("text 1450", 10);

            await engine.Maintenance.CompactAsync();

            Assert.True((await engine.GetInfoAsync()).DocumentsBytes < before.DocumentsBytes / 2);
            Assert.Equal(found.Select(h => h.Id), (await engine.SearchAsync("text 1450", 10)).Select(h => h.Id));
        }

        await using SemanticSearchEngine again = await OpenAsync(Collection);
        Assert.Empty(again.Warnings);
        Assert.Empty((await again.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Info_describes_the_collection()
    {
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        await engine.AddDocumentsAsync(["one"]);

        CollectionInfo info = await engine.GetInfoAsync();

        Assert.Equal((1, WordModel.Dimensions, "words", 2), (info.Documents, info.Dimensions, info.Model.Name, info.FormatVersion));
        Assert.True(info.DocumentsBytes > 0);
    }

    [Fact]
    public async Task Verifying_measures_recall()
    {
        await using SemanticSearchEngine engine = await OpenAsync(Collection);
        Assert.Null((await engine.Maintenance.VerifyAsync()).Recall);
        await engine.AddDocumentsAsync(Enumerable.Range(0, 500).Select(i => $"text {i} {i % 13}"));

        Assert.InRange((await engine.Maintenance.VerifyAsync()).Recall!.Value, 0.95, 1);
    }

    private static Task<SemanticSearchEngine> OpenAsync(string path) => SemanticSearchEngine.OpenAsync(path, WordModel.Options());
}
