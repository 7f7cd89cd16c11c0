using Microsoft.Extensions.Logging;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Tables;
using Sextant.Search.Storage;

namespace Sextant.Postgres;

/// <summary>A name in a database, under which a collection is or may be made.</summary>
internal sealed class PostgresCollectionLocation(PostgresLocation location) : CollectionLocation
{
    private readonly PostgresServer _server = new(location);
    private PostgresTable? _table;

    public override string Name => location.Name;

    public override async Task<Manifest?> ReadManifestAsync(CancellationToken cancellationToken)
    {
        (Manifest Manifest, PostgresTable Table)? found = await _server
            .ReadAsync(session => PostgresRegistry.FindAsync(session, location.Collection, Name), cancellationToken)
            .ConfigureAwait(false);
        _table = found?.Table;
        return found?.Manifest;
    }

    public override async Task CreateAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        await PostgresSchema.RequireVectorAsync(_server, cancellationToken).ConfigureAwait(false);
        PostgresTable table = new(
            location.Collection,
            manifest.Dimensions,
            location.Index ?? PostgresTable.IndexFor(manifest.Dimensions, manifest.Metric),
            location.PartitionBy,
            Metric: manifest.Metric
        );
        table.Check();
        await _server
            .WriteAsync(
                async session =>
                {
                    await PostgresSchema.CreateAsync(session, table, manifest).ConfigureAwait(false);
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    public override async Task<CollectionStore> OpenAsync(Manifest manifest, ILogger logger, CancellationToken cancellationToken)
    {
        await PostgresSchema.RequireVectorAsync(_server, cancellationToken).ConfigureAwait(false);
        _server.Logger = logger;
        return await PostgresCollection.OpenAsync(_server, location.Collection, _table!, manifest, cancellationToken).ConfigureAwait(false);
    }

    public override async Task DeleteAsync(CancellationToken cancellationToken)
    {
        if (await ReadManifestAsync(cancellationToken).ConfigureAwait(false) is null)
            return;
        await _server
            .WriteAsync(
                async session =>
                {
                    await PostgresSchema.DeleteAsync(session, location.Collection, Name).ConfigureAwait(false);
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
