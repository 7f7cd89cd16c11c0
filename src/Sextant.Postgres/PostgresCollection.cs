using Npgsql;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Generations;
using Sextant.Postgres.Tables;
using Sextant.Search;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Search.Storage;
using Sextant.Search.Updates;

namespace Sextant.Postgres;

/// <summary>
/// A collection in a PostgreSQL database, through its moves from model to model. Each leaves the tables that were in use behind under other
/// names; work that then does not find them any more is done again with those that took their place.
/// </summary>
internal sealed class PostgresCollection : CollectionStore
{
    private readonly PostgresServer _server;
    private readonly string _collection;
    private readonly SemaphoreSlim _following = new(1, 1);
    private volatile PostgresGeneration _now;
    private volatile bool _inRun;

    private PostgresCollection(PostgresServer server, string collection, PostgresGeneration now) =>
        (_server, _collection, _now) = (server, collection, now);

    public override string Name => _server.Name;

    public override Manifest Manifest => _now.Manifest;

    /// <summary>Opens the collection and becomes the owner of <paramref name="server"/>.</summary>
    public static async Task<PostgresCollection> OpenAsync(
        PostgresServer server,
        string collection,
        PostgresTable table,
        Manifest manifest,
        CancellationToken cancellationToken
    ) => new(server, collection, await PostgresGeneration.OpenAsync(server, table, manifest, cancellationToken).ConfigureAwait(false));

    public override Task<IReadOnlyList<CollectionHit>> SearchAsync(CollectionQuery query, CancellationToken cancellationToken) =>
        UseAsync(
            now =>
                query.Vector.Length != now.Manifest.Dimensions || (query.ModelFingerprint is { } made && made != now.Manifest.Fingerprint)
                    ? throw new ModelChangedException(Name, now.Manifest)
                    : now.SearchAsync(query, cancellationToken),
            cancellationToken
        );

    public override Task<IReadOnlyList<Facet>> GetFacetsAsync(
        IReadOnlyList<FieldPath> fields,
        FilterExpression? filter,
        int limit,
        CancellationToken cancellationToken
    ) => UseAsync(now => now.GetFacetsAsync(fields, filter, limit, cancellationToken), cancellationToken);

    public override Task<IReadOnlyList<WriteEffect>?> UpsertAsync(
        IReadOnlyList<IncomingDocument> documents,
        CancellationToken cancellationToken
    ) =>
        UseAsync(
            now =>
                documents.Any(d => d.Vector is not null && d.ModelFingerprint is { } made && made != now.Manifest.Fingerprint)
                    ? Task.FromResult<IReadOnlyList<WriteEffect>?>(null)
                    : now.UpsertAsync(documents, cancellationToken),
            cancellationToken
        );

    public override Task<StoredDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        UseAsync(now => now.FindAsync(id, cancellationToken), cancellationToken);

    public override Task<float[]?> FindVectorAsync(string id, CancellationToken cancellationToken) =>
        UseAsync(now => now.FindVectorAsync(id, cancellationToken), cancellationToken);

    public override Task<IReadOnlyList<StoredState?>> FindStatesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        UseAsync(now => now.FindStatesAsync(ids, cancellationToken), cancellationToken);

    public override Task<long> CountAsync(CancellationToken cancellationToken) =>
        UseAsync(now => now.CountAsync(cancellationToken), cancellationToken);

    public override Task<long> GetLastKeyAsync(CancellationToken cancellationToken) =>
        UseAsync(now => now.GetLastKeyAsync(cancellationToken), cancellationToken);

    public override Task<IReadOnlyList<StoredDocument>> ReadAsync(long afterKey, int limit, CancellationToken cancellationToken) =>
        UseAsync(now => now.ReadAsync(afterKey, limit, cancellationToken), cancellationToken);

    public override Task<IReadOnlyList<string>> FindIdsBySourceAsync(
        string source,
        Func<string, string, bool> predicate,
        CancellationToken cancellationToken
    ) => UseAsync(now => now.FindIdsBySourceAsync(source, predicate, cancellationToken), cancellationToken);

    public override Task<int> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        UseAsync(now => now.DeleteAsync(ids, cancellationToken), cancellationToken);

    public override Task<IReadOnlyList<StoredDocument>> ReadAsync(
        long afterKey,
        int limit,
        FilterExpression filter,
        CancellationToken cancellationToken
    ) => UseAsync(now => now.ReadAsync(afterKey, limit, filter, cancellationToken), cancellationToken);

    public override Task<int> DeleteAsync(DocumentSelection selection, bool isDryRun, CancellationToken cancellationToken) =>
        UseAsync(now => now.DeleteAsync(selection, isDryRun, cancellationToken), cancellationToken);

    public override Task<MetadataUpdate> UpdateMetadataAsync(
        DocumentSelection selection,
        Func<StoredDocument, string> change,
        bool isDryRun,
        CancellationToken cancellationToken
    ) => UseAsync(now => now.UpdateMetadataAsync(selection, change, isDryRun, cancellationToken), cancellationToken);

    public override Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        UseAsync(now => now.GetInfoAsync(cancellationToken), cancellationToken);

    public override Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken) =>
        UseAsync(now => now.VerifyAsync(cancellationToken), cancellationToken);

    public override Task<RecallReport> MeasureRecallAsync(int k, int samples, CancellationToken cancellationToken) =>
        UseAsync(now => now.MeasureRecallAsync(k, samples, cancellationToken), cancellationToken);

    public override Task<RecallReport> TuneEfSearchAsync(double target, int k, int samples, CancellationToken cancellationToken) =>
        UseAsync(now => now.TuneEfSearchAsync(target, k, samples, cancellationToken), cancellationToken);

    public override Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken) =>
        UseAsync(now => now.RepairAsync(cancellationToken), cancellationToken);

    public override Task CompactAsync(CancellationToken cancellationToken) =>
        UseAsync(now => now.CompactAsync(cancellationToken), cancellationToken);

    public override void BeginBulkWrite()
    {
        _inRun = true;
        _now.BeginBulkWrite();
    }

    public override Task EndBulkWriteAsync(CancellationToken cancellationToken)
    {
        _inRun = false;
        return UseAsync(now => now.EndBulkWriteAsync(cancellationToken), cancellationToken);
    }

    public override Task RefreshAsync(CancellationToken cancellationToken) => RefreshAsync(_now, cancellationToken);

    public override async Task<VectorReplacement> ReplaceVectorsAsync(Manifest next, CancellationToken cancellationToken) =>
        await PostgresReplacement.BeginAsync(_server, _collection, next, cancellationToken).ConfigureAwait(false);

    public override async Task<VectorReplacement> RestoreVectorsAsync(CancellationToken cancellationToken) =>
        await PostgresReplacement.BeginAsync(_server, _collection, null, cancellationToken).ConfigureAwait(false);

    public override Task DropVectorsAsync(VectorRole role, CancellationToken cancellationToken) =>
        PostgresReplacement.DropAsync(_server, _collection, role, cancellationToken);

    public override Task<IReadOnlyList<PendingText>> ListPendingTextsAsync(
        VectorRole role,
        long afterKey,
        int limit,
        CancellationToken cancellationToken
    ) =>
        UseAsync(
            now =>
                _server.ReadAsync(
                    async session =>
                        await PostgresVectors
                            .ListPendingTextsAsync(
                                session,
                                now.Table,
                                (await PostgresVectors.FindAsync(session, _collection, role).ConfigureAwait(false))?.Table,
                                afterKey,
                                limit
                            )
                            .ConfigureAwait(false),
                    cancellationToken
                ),
            cancellationToken
        );

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _now.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await _server.DisposeAsync().ConfigureAwait(false);
            _following.Dispose();
        }
    }

    private Task<bool> UseAsync(Func<PostgresGeneration, Task> use, CancellationToken cancellationToken) =>
        UseAsync(
            async now =>
            {
                await use(now).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    private async Task<T> UseAsync<T>(Func<PostgresGeneration, Task<T>> use, CancellationToken cancellationToken)
    {
        while (true)
        {
            PostgresGeneration now = _now;
            SextantException missing;
            try
            {
                return await use(now).ConfigureAwait(false);
            }
            catch (SextantException e)
                when (e.InnerException
                        is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject }
                )
            {
                missing = e;
            }

            if (!await RefreshAsync(now, cancellationToken).ConfigureAwait(false))
                throw missing;
        }
    }

    // Whether there is another generation than the one that was used.
    private async Task<bool> RefreshAsync(PostgresGeneration used, CancellationToken cancellationToken)
    {
        await _following.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_now != used)
                return true;
            // From the primary: a replica may not know of the move yet.
            (Manifest Manifest, PostgresTable Table)? found = await _server
                .WriteAsync(session => PostgresRegistry.FindAsync(session, _collection, Name), cancellationToken)
                .ConfigureAwait(false);
            if (found is not { } there || there.Table == used.Table)
                return false;
            PostgresGeneration next = await PostgresGeneration
                .OpenAsync(_server, there.Table, there.Manifest, cancellationToken)
                .ConfigureAwait(false);
            if (_inRun)
                next.BeginBulkWrite();
            _now = next;
            return true;
        }
        finally
        {
            _following.Release();
        }
    }
}
