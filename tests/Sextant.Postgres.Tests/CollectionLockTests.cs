using Npgsql;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Tables;
using Sextant.Search.Storage;
using Sextant.Tests.Shared.Search;

namespace Sextant.Postgres.Tests;

/// <summary>Work on one collection does not block another.</summary>
public sealed class CollectionLockTests(PostgresFixture server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Collections_are_created_listed_and_deleted_during_another_index_build()
    {
        string name = $"test_{Guid.NewGuid():N}",
            other = $"test_{Guid.NewGuid():N}";
        server.Location(name);
        Assert.SkipUnless(server.IsWhole, "a whole PostgreSQL is needed, named by SEXTANT_TEST_POSTGRES");
        await using SemanticSearchEngine engine = await OpenAsync(name);
        await engine.AddDocumentsAsync(Enumerable.Range(0, 20).Select(i => $"text number{i}"));
        using CancellationTokenSource patience = new(Patience);
        // The locks of a build are held for as long as its transaction is open.
        await using NpgsqlConnection connection = await server.ConnectAsync();
        await using NpgsqlTransaction building = await connection.BeginTransactionAsync(patience.Token);
        PostgresSession session = new(connection, patience.Token);
        (Manifest manifest, PostgresTable table) = (await PostgresRegistry.FindAsync(session, name, name))!.Value;
        await PostgresSchema.BuildIndexAsync(session, table, manifest);

        await using (SemanticSearchEngine created = await OpenAsync(other, patience.Token))
            await created.AddDocumentsAsync(["more"], patience.Token);
        await using (CollectionLocation place = new PostgresProvider().GetLocation(server.Location(other)))
            await place.DeleteAsync(patience.Token);

        Assert.Equal(20, (await engine.SearchAsync("text", 20, cancellationToken: patience.Token)).Count);
        Assert.Equal(20, (await engine.GetInfoAsync(patience.Token)).Documents);
        await building.RollbackAsync(patience.Token);
    }

    private Task<SemanticSearchEngine> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        SemanticSearchEngine.OpenAsync(
            server.Location(name),
            WordModel.Options() with
            {
                CollectionProviders = [new PostgresProvider()],
            },
            cancellationToken
        );
}
