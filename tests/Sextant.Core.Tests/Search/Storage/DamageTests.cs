using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>Files that are broken, missing, too new or of another program.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Collection => _folder.File("docs.sextant");

    private string Index => Path.Combine(Collection, "index.hnsw");

    private string Documents => Path.Combine(Collection, "documents.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Flipped_or_truncated_snapshot_is_rebuilt_and_reported_once()
    {
        await FillAsync(Collection, 60);
        byte[] whole = await File.ReadAllBytesAsync(Index);
        Random random = new(7);
        for (int round = 0; round < 40; round++)
        {
            byte[] broken = [.. whole];
            int at = random.Next(whole.Length);
            if (round % 4 == 0)
                broken = broken[..at];
            else
                broken[at] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(Index, broken);

            await using (SemanticSearchEngine engine = await OpenAsync())
            {
                string notice = Assert.Single(engine.Warnings);
                Assert.Contains("rebuilt from documents.db (60 vectors)", notice, StringComparison.Ordinal);
                Assert.Equal("text 41", (await engine.SearchAsync("text 41", 1))[0].Text);
            }

            await using SemanticSearchEngine again = await OpenAsync();
            Assert.Empty(again.Warnings);
        }
    }

    [Fact]
    public async Task Missing_snapshot_is_rebuilt()
    {
        await FillAsync(Collection, 10);
        File.Delete(Index);

        await using SemanticSearchEngine engine = await OpenAsync();

        Assert.Contains("is missing", Assert.Single(engine.Warnings), StringComparison.Ordinal);
        Assert.Equal("text 4", (await engine.SearchAsync("text 4", 1))[0].Text);
    }

    [Fact]
    public async Task Snapshot_of_another_collection_is_not_used()
    {
        string other = _folder.File("other.sextant");
        await FillAsync(Collection, 10);
        await FillAsync(other, 10, "different");
        File.Copy(Path.Combine(other, "index.hnsw"), Index, overwrite: true);

        await using SemanticSearchEngine engine = await OpenAsync();

        Assert.Contains("another collection", Assert.Single(engine.Warnings), StringComparison.Ordinal);
        Assert.Equal("text 4", (await engine.SearchAsync("text 4", 1))[0].Text);
    }

    [Fact]
    public async Task Older_snapshot_is_updated_silently()
    {
        await FillAsync(Collection, 2_000);
        byte[] old = await File.ReadAllBytesAsync(Index);
        await using (SemanticSearchEngine engine = await OpenAsync())
        {
            await engine.AddDocumentsAsync([new Document("brand new") { Id = "new" }, new Document("replaced") { Id = "5" }]);
            await engine.DeleteAsync("6");
        }

        // A few changes to many documents are not worth a new snapshot; this is the old one.
        Assert.Equal(old, await File.ReadAllBytesAsync(Index));
        await using SemanticSearchEngine again = await OpenAsync();
        Assert.Empty(again.Warnings);
        Assert.Equal("new", (await again.SearchAsync("brand new", 1))[0].Id);
        Assert.Equal("5", (await again.SearchAsync("replaced", 1))[0].Id);
        Assert.Empty((await again.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task A_snapshot_from_after_the_backup_is_not_used_with_the_restored_documents()
    {
        string backup = _folder.File("backup.db");
        await FillAsync(Collection, 5);
        await using (SemanticSearchEngine engine = await OpenAsync())
        {
            await engine.Maintenance.BackupAsync(backup);
            await engine.AddDocumentsAsync(Enumerable.Range(0, 50).Select(i => $"later {i}"));
        }

        byte[] later = await File.ReadAllBytesAsync(Index);
        await CollectionMaintenance.RestoreAsync(backup, Collection);
        await File.WriteAllBytesAsync(Index, later);
        await FillAsync(Collection, 60, "after");

        await using SemanticSearchEngine again = await OpenAsync();
        Assert.Equal("after 33", (await again.SearchAsync("after 33", 1))[0].Text);
        Assert.Empty((await again.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task Damaged_documents_are_reported_or_harmless()
    {
        await FillAsync(Collection, 60);
        byte[] whole = await File.ReadAllBytesAsync(Documents);
        Random random = new(11);
        int errors = 0;
        for (int round = 0; round < 60; round++)
        {
            byte[] broken = [.. whole];
            int at = random.Next(1, whole.Length),
                length = random.Next(1, 4096),
                flip = random.Next(1, 256);
            if (round % 3 == 0)
            {
                broken = broken[..at];
            }
            else
            {
                for (int i = at; i < Math.Min(at + length, broken.Length); i++)
                    broken[i] ^= (byte)flip;
            }

            RemoveLog();
            await File.WriteAllBytesAsync(Documents, broken);
            File.Delete(Index);
            try
            {
                await using SemanticSearchEngine engine = await OpenAsync();
                await engine.SearchAsync("text 5", 5, new() { Mode = SearchMode.Hybrid });
                if (!(await engine.Maintenance.VerifyAsync()).IsHealthy)
                    errors++;
            }
            catch (SextantException e)
            {
                Assert.Contains("documents.db", e.Message, StringComparison.Ordinal);
                errors++;
            }
        }

        Assert.True(errors > 40, $"only {errors} of 60 were noticed");
    }

    [Fact]
    public async Task File_of_random_bytes_is_an_error_with_the_fix()
    {
        await FillAsync(Collection, 5);
        RemoveLog();
        await File.WriteAllBytesAsync(Documents, [.. Enumerable.Range(0, 8192).Select(i => (byte)(i * 7))]);

        CollectionDamagedException error = await Assert.ThrowsAsync<CollectionDamagedException>(OpenAsync);

        Assert.Contains(Documents, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("restore a backup", error.Message, StringComparison.Ordinal);
        Assert.Equal([new Remedy(RemedyAction.RestoreCollection, Collection)], error.Remedies);
    }

    [Fact]
    public async Task Newer_format_is_rejected_with_the_fix()
    {
        await FillAsync(Collection, 5);
        Execute("pragma user_version = 99");

        SextantException error = await Assert.ThrowsAsync<SextantException>(OpenAsync);

        Assert.Contains("format 99", error.Message, StringComparison.Ordinal);
        Assert.Contains("update Sextant", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update manifest set value = replace(value, ':32,', ':2000000000,') where name = 'model'")]
    [InlineData("update manifest set value = '{\"m\":-5}' where name = 'index'")]
    [InlineData("update manifest set value = 'yesterday' where name = 'created'")]
    [InlineData("delete from manifest where name = 'fingerprint'")]
    public async Task Forged_manifest_is_damage_and_allocates_nothing(string sql)
    {
        await FillAsync(Collection, 5);
        Execute(sql);

        CollectionDamagedException error = await Assert.ThrowsAsync<CollectionDamagedException>(OpenAsync);

        Assert.Contains("its manifest cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_of_another_program_is_not_changed()
    {
        Directory.CreateDirectory(Collection);
        Execute("create table t (a)");

        Assert.Contains("another program", (await Assert.ThrowsAsync<InputException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update documents set text = 'forged' where id = '3'", "document '3' does not match its checksum")]
    [InlineData("update documents set metadata = '{\"a\":1}' where id = '3'", "document '3' does not match its checksum")]
    [InlineData("update documents set metadata = '{' where id = '3'", "document '3' does not match its checksum")]
    [InlineData("update documents set source = '/elsewhere' where id = '3'", "document '3' does not match its checksum")]
    [InlineData("update documents set id = 'three' where id = '3'", "document 'three' does not match its checksum")]
    [InlineData("update vectors set vector = zeroblob(128) where key = 2", "the vector of document '1' does not match its checksum")]
    [InlineData("update vectors set vector = zeroblob(4) where key = 2", "the vector of document '1' does not match its checksum")]
    [InlineData("update vectors set checksum = 0 where key = 2", "the vector of document '1' does not match its checksum")]
    [InlineData("delete from vectors where key = 2", "document '1' has no vector")]
    [InlineData("drop trigger documents_removed; delete from documents where key = 2", "the full-text table does not match")]
    [InlineData("delete from documents where key = 2", "the vector with the key 2 has no document")]
    public async Task Verify_finds_forged_values(string sql, string expected)
    {
        await FillAsync(Collection, 10);
        await using SemanticSearchEngine engine = await OpenAsync();
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);

        Execute(sql);

        Assert.Contains((await engine.Maintenance.VerifyAsync()).Problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Full_disk_rolls_back_the_batch_and_keeps_earlier_ones()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(["before"]);
        await engine.Collection.WriteAsync(
            writer =>
            {
                SqliteFile.Execute(writer.Connection, "pragma max_page_count = 60");
                return true;
            },
            CancellationToken.None
        );

        SextantException error = await Assert.ThrowsAsync<SextantException>(() =>
            engine.AddDocumentsAsync(Enumerable.Range(0, 2_000).Select(i => $"too much {i}"))
        );

        Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
        Assert.Equal("before", (await engine.SearchAsync("too much", 5)).Single().Text);
        await engine.AddDocumentsAsync(["after"]);
        Assert.Equal(2, await engine.CountAsync());
        Assert.Empty((await engine.Maintenance.VerifyAsync()).Problems);
    }

    private static async Task FillAsync(string collection, int count, string word = "text")
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, WordModel.Options());
        await engine.AddDocumentsAsync(Enumerable.Range(0, count).Select(i => new Document($"{word} {i}") { Id = $"{i}" }));
    }

    private Task<SemanticSearchEngine> OpenAsync() => SemanticSearchEngine.OpenAsync(Collection, WordModel.Options());

    private void RemoveLog()
    {
        File.Delete(Documents + "-wal");
        File.Delete(Documents + "-shm");
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Documents};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
