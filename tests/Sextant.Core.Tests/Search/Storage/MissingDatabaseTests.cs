using Sextant.Embedding;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>
/// A collection's folder whose database is gone, cut to nothing or without tables is damage, and never begun again in silence.
/// </summary>
public sealed class MissingDatabaseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("docs.sextant");

    private string Documents => Path.Combine(Collection, "documents.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task File_instead_of_a_collection_is_rejected_with_the_restore_command()
    {
        string backup = _folder.File("my backup");
        await File.WriteAllTextAsync(backup, "not a folder");

        InputException error = await Assert.ThrowsAsync<InputException>(() => SemanticSearchEngine.OpenAsync(backup, WordModel.Options()));

        Assert.EndsWith("if it is a backup, restore it", error.Message, StringComparison.Ordinal);
        Assert.Equal([new Remedy(RemedyAction.RestoreBackup, backup)], error.Remedies);
    }

    [Theory]
    [InlineData("index.hnsw")]
    [InlineData("index.next.hnsw")]
    [InlineData("writer.lock")]
    [InlineData("writer.pid")]
    [InlineData("reembed.lock")]
    [InlineData("documents.db-wal")]
    public async Task Any_remaining_collection_file_reveals_the_missing_database(string left)
    {
        Directory.CreateDirectory(Collection);
        await File.WriteAllTextAsync(Path.Combine(Collection, left), "x");

        CollectionDamagedException error = await Assert.ThrowsAsync<CollectionDamagedException>(OpenAsync);

        Assert.True(SemanticSearchEngine.Exists(Collection));
        Assert.Contains($"it is missing, although {left} is there", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("restore a backup, or remove the folder to start over", error.Message, StringComparison.Ordinal);
        Assert.Equal([new Remedy(RemedyAction.RestoreCollection, Collection)], error.Remedies);
        Assert.Equal([left], Directory.EnumerateFiles(Collection).Select(Path.GetFileName));
    }

    [Fact]
    public async Task An_empty_database_is_damage_and_its_log_is_kept()
    {
        await FillAsync();
        await File.WriteAllBytesAsync(Documents, []);
        await File.WriteAllTextAsync(Documents + "-wal", "what may still be saved");

        Assert.Contains("it is empty", (await Assert.ThrowsAsync<CollectionDamagedException>(OpenAsync)).Message, StringComparison.Ordinal);
        Assert.Equal("what may still be saved", await File.ReadAllTextAsync(Documents + "-wal"));
    }

    [Fact]
    public async Task A_database_without_tables_is_damage()
    {
        await FillAsync();
        File.Delete(Documents);
        using (Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={Documents};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "create table t (a); drop table t";
            command.ExecuteNonQuery();
        }

        Assert.Contains(
            "it has no tables",
            (await Assert.ThrowsAsync<CollectionDamagedException>(OpenAsync)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_empty_folder_becomes_a_collection()
    {
        Directory.CreateDirectory(Collection);

        await FillAsync();

        await using SemanticSearchEngine engine = await OpenAsync();
        Assert.Equal(1, await engine.CountAsync());
    }

    [Fact]
    public async Task Concurrent_creators_create_one_collection()
    {
        SemanticSearchEngine[] engines = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(OpenAsync)));
        foreach (SemanticSearchEngine engine in engines)
            await engine.DisposeAsync();

        Assert.Equal(["documents.db"], Directory.EnumerateFiles(Collection).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Failed_restore_leaves_no_partial_collection()
    {
        string noise = _folder.File("noise.db");
        await File.WriteAllTextAsync(noise, new string('x', 5000));

        await Assert.ThrowsAsync<InputException>(() => CollectionMaintenance.RestoreAsync(noise, Collection));

        Assert.False(SemanticSearchEngine.Exists(Collection));
        await FillAsync();
    }

    [Fact]
    public async Task Backup_of_a_damaged_collection_does_not_replace_a_good_backup()
    {
        string backup = _folder.File("backup.db");
        await FillAsync();
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.Maintenance.BackupAsync(backup);
        byte[] good = await File.ReadAllBytesAsync(backup);
        await engine.Collection.WriteAsync(
            writer =>
            {
                SqliteFile.Execute(writer.Connection, "update documents set metadata = '{\"a\":1}'");
                return true;
            },
            CancellationToken.None
        );

        CollectionDamagedException error = await Assert.ThrowsAsync<CollectionDamagedException>(() =>
            engine.Maintenance.BackupAsync(backup)
        );

        Assert.Contains("document 'x' does not match its checksum", error.Message, StringComparison.Ordinal);
        Assert.Equal(good, await File.ReadAllBytesAsync(backup));
    }

    private async Task FillAsync()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([new Document("text") { Id = "x" }]);
    }

    private Task<SemanticSearchEngine> OpenAsync() => SemanticSearchEngine.OpenAsync(Collection, WordModel.Options());
}
