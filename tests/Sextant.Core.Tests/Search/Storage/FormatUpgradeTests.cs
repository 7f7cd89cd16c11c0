using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Storage;

/// <summary>A collection written by the previous release is readable, and upgraded by the first write.</summary>
public sealed class FormatUpgradeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public FormatUpgradeTests()
    {
        Directory.CreateDirectory(Collection);
        using FileStream packed = File.OpenRead(
            Path.Combine(AppContext.BaseDirectory, "Search", "Storage", "Formats", "format1.documents.db.gz")
        );
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using FileStream file = File.Create(Documents);
        unpacked.CopyTo(file);
    }

    private string Collection => _folder.File("old.sextant");

    private string Documents => Path.Combine(Collection, "documents.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Format_1_is_read_and_searched_unchanged()
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        Assert.Equal(1, (await engine.GetInfoAsync()).FormatVersion);
        Assert.Equal("apfel", (await engine.SearchAsync("grüner Apfel", 1)).Single().Id);
        Assert.Equal("whale", (await engine.SearchAsync("song", 1, new() { Mode = SearchMode.Keyword })).Single().Id);
        Assert.Equal("apple", (await engine.SearchAsync("apple", 3, new() { Filter = "year = 2024" })).Single().Id);
        Assert.Equal(1, (await engine.GetInfoAsync()).FormatVersion);
    }

    [Fact]
    public async Task First_write_upgrades_the_format_and_keeps_everything()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
        {
            await engine.AddDocumentsAsync([new Document("green pear") { Id = "pear" }]);
            Assert.Equal(2, (await engine.GetInfoAsync()).FormatVersion);
        }

        await using SemanticSearchEngine again = await OpenAsync();
        Assert.Equal(2, (await again.GetInfoAsync()).FormatVersion);
        List<Document> all = await ListAsync(again);
        Assert.Equal(["apple", "apfel", "whale", "pear"], all.Select(d => d.Id));
        Assert.Equal(["red apple", "grüner Apfel 🍏", "blue whale song", "green pear"], all.Select(d => d.Text));
        Assert.Equal("/texts/fruit.txt", all[1].Source);
        Assert.Equal("""{"lang":"en","year":2024}""", all[0].Metadata!.ToJsonString());
        Assert.Empty((await again.Maintenance.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task An_upgraded_database_has_the_schema_of_a_new_one()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
            await engine.AddDocumentsAsync(["new"]);
        string fresh = _folder.File("new.sextant");
        await using (SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(fresh, WordModel.Options()))
            await engine.AddDocumentsAsync(["new"]);

        Assert.Equal(Schema(Path.Combine(fresh, "documents.db")), Schema(Documents));
    }

    [Fact]
    public async Task Damaged_document_is_reported_before_and_after_the_upgrade()
    {
        Execute("update documents set text = 'forged' where id = 'apple'");
        await using (SemanticSearchEngine engine = await OpenAsync())
        {
            await RefusedAsync(engine);
            await engine.AddDocumentsAsync(["new"]);
        }

        await using SemanticSearchEngine again = await OpenAsync();
        await RefusedAsync(again);
        Assert.Contains((await again.Maintenance.VerifyAsync()).Problems, problem => problem.Contains("'apple'", StringComparison.Ordinal));

        // Writing it again replaces it.
        await again.AddDocumentsAsync([new Document("red apple") { Id = "apple" }]);
        Assert.Equal("red apple", (await again.GetAsync("apple"))!.Text);

        static async Task RefusedAsync(SemanticSearchEngine engine)
        {
            string message = (await Assert.ThrowsAsync<CollectionDamagedException>(() => engine.GetAsync("apple"))).Message;
            Assert.Contains("document 'apple' does not match its checksum", message, StringComparison.Ordinal);
            Assert.Equal("whale", (await engine.GetAsync("whale"))!.Id);
        }
    }

    [Fact]
    public async Task Reader_opened_before_the_upgrade_verifies_the_new_checksums()
    {
        await using SemanticSearchEngine reader = await OpenAsync();
        Assert.NotNull(await reader.GetAsync("apple"));
        await using (SemanticSearchEngine writer = await OpenAsync())
            await writer.AddDocumentsAsync(["new"]);

        Execute("update documents set metadata = '{\"year\":1999}' where id = 'apple'");

        await Assert.ThrowsAsync<CollectionDamagedException>(() => reader.GetAsync("apple"));
    }

    [Fact]
    public async Task Header_that_contradicts_the_manifest_is_damage()
    {
        await using (SemanticSearchEngine engine = await OpenAsync())
            await engine.AddDocumentsAsync(["new"]);
        Execute("pragma user_version = 1");

        Assert.Contains(
            "its header has format 1",
            (await Assert.ThrowsAsync<CollectionDamagedException>(OpenAsync)).Message,
            StringComparison.Ordinal
        );
    }

    private Task<SemanticSearchEngine> OpenAsync() => SemanticSearchEngine.OpenAsync(Collection, WordModel.Options());

    private static async Task<List<Document>> ListAsync(SemanticSearchEngine engine)
    {
        List<Document> all = [];
        await foreach (Document document in engine.ListAsync())
            all.Add(document);
        return all;
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Documents};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Schema(string file)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_master order by 1";
        using SqliteDataReader row = command.ExecuteReader();
        List<string> schema = [];
        while (row.Read())
            schema.Add(row.GetString(0));
        return schema;
    }
}
