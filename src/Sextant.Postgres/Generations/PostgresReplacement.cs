using Pgvector;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Tables;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Generations;

/// <summary>
/// A second table of a collection that fills up with the vectors of another model, and then takes the place of the first.
/// </summary>
internal sealed class PostgresReplacement : VectorReplacement
{
    private const int LastBatch = 256;

    private readonly PostgresServer _server;
    private readonly PostgresTable _now;
    private readonly PostgresTable _other;
    private readonly VectorRole _role;
    private readonly ReplacementClaim _claim;

    private PostgresReplacement(
        PostgresServer server,
        PostgresTable now,
        PostgresTable other,
        Manifest manifest,
        VectorRole role,
        string worker
    )
    {
        (_server, _now, _other, _role) = (server, now, other, role);
        Manifest = manifest;
        _claim = new(server, now.Collection, role, worker);
    }

    public override Manifest Manifest { get; }

    private string Part => _now.IsPartitioned ? "part, " : "";

    private string Unique => _now.IsPartitioned ? "id, part" : "id";

    /// <summary>
    /// Begins to replace all vectors or, without <paramref name="next"/>, to put those back that the last replacement left.
    /// </summary>
    public static Task<PostgresReplacement> BeginAsync(
        PostgresServer server,
        string collection,
        Manifest? next,
        CancellationToken cancellationToken
    ) =>
        server.WriteAsync(
            async session =>
            {
                string worker = ReplacementClaim.NewWorker();
                VectorRole role = next is null ? VectorRole.Previous : VectorRole.Next;
                await LockAsync(session, collection).ConfigureAwait(false);
                (Manifest current, PostgresTable now) =
                    await PostgresRegistry.FindAsync(session, collection, server.Name).ConfigureAwait(false)
                    ?? throw new InputException($"{server.Name}: the collection no longer exists");
                (Manifest Manifest, PostgresTable Table)? unfinished = await PostgresVectors
                    .FindAsync(session, collection, VectorRole.Next)
                    .ConfigureAwait(false);
                (Manifest Manifest, PostgresTable Table)? previous = await PostgresVectors
                    .FindAsync(session, collection, VectorRole.Previous)
                    .ConfigureAwait(false);
                if (next is null && unfinished is { } coming)
                    throw ReplacementRefusal.Unfinished(server.Name, coming.Manifest);
                if (next is not null)
                    ReplacementRefusal.Check(server.Name, next, current, unfinished?.Manifest, previous?.Manifest);
                (Manifest manifest, PostgresTable other) =
                    (next is null ? previous : unfinished)
                    ?? await CreateAsync(session, now, next ?? throw ReplacementRefusal.Nothing(server.Name, role)).ConfigureAwait(false);
                await ReplacementClaim.TakeAsync(session, server, collection, role, worker).ConfigureAwait(false);
                return new PostgresReplacement(server, now, other, manifest, role, worker);
            },
            cancellationToken
        );

    /// <summary>Forgets vectors.</summary>
    public static Task DropAsync(PostgresServer server, string collection, VectorRole role, CancellationToken cancellationToken) =>
        server.WriteAsync(
            async session =>
            {
                await LockAsync(session, collection).ConfigureAwait(false);
                if (await PostgresVectors.FindAsync(session, collection, role).ConfigureAwait(false) is not { } kept)
                    throw ReplacementRefusal.Nothing(server.Name, role);
                await ReplacementClaim.TakeAsync(session, server, collection, role, "dropping").ConfigureAwait(false);
                await PostgresVectors.DropAsync(session, kept.Table, role).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    public override Task<(long Ready, long Total)> CountAsync(CancellationToken cancellationToken) =>
        _server.WriteAsync(
            async session =>
            {
                // One statement sees one state, so never more is ready than there is.
                List<(long Ready, long Total)> counts = await session
                    .QueryAsync(
                        $"select (select count(*) from {_now.Documents} d join {_other.Documents} n on n.id = d.id and n.key = d.key and "
                            + $"n.text_hash = d.text_hash), "
                            + $"(select count(*) from {_now.Documents})",
                        row => (row.GetInt64(0), row.GetInt64(1))
                    )
                    .ConfigureAwait(false);
                return counts[0];
            },
            cancellationToken
        );

    // From the primary: what a replica does not know yet would be embedded again.
    public override Task<IReadOnlyList<PendingText>> ListPendingTextsAsync(long afterKey, int limit, CancellationToken cancellationToken) =>
        _server.WriteAsync(session => PostgresVectors.ListPendingTextsAsync(session, _now, _other, afterKey, limit), cancellationToken);

    public override Task PutAsync(IReadOnlyList<PendingText> texts, IReadOnlyList<float[]> vectors, CancellationToken cancellationToken) =>
        _server.WriteAsync(session => PutAsync(session, texts, vectors), cancellationToken);

    public override async Task BuildIndexAsync(CancellationToken cancellationToken)
    {
        await _server.WriteAsync(SynchroniseAsync, cancellationToken).ConfigureAwait(false);
        await _server
            .WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
                    await PostgresSchema.IndexDocumentsAsync(session, _other).ConfigureAwait(false);
                    if (
                        _other.Index != VectorIndexKind.None
                        && await session.ScalarAsync<long>($"select count(*) from {_other.Documents}").ConfigureAwait(false)
                            >= PostgresGeneration.WorthIndexing
                    )
                    {
                        await PostgresSchema.BuildIndexAsync(session, _other, Manifest).ConfigureAwait(false);
                    }
                    else
                    {
                        await session.ExecuteAsync($"analyze {_other.Documents}").ConfigureAwait(false);
                    }
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    public override Task SwitchAsync(Func<IReadOnlyList<string>, Task<float[][]>> embed, CancellationToken cancellationToken) =>
        _server.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
                // From here on writers wait, including those that have just started; searches continue until the names change.
                await session.ExecuteAsync($"lock table {_now.Documents} in exclusive mode").ConfigureAwait(false);
                while (
                    await PostgresVectors.ListPendingTextsAsync(session, _now, _other, 0, LastBatch).ConfigureAwait(false)
                        is { Count: > 0 } rest
                )
                {
                    await PutAsync(session, rest, await embed([.. rest.Select(text => text.Text)]).ConfigureAwait(false))
                        .ConfigureAwait(false);
                }

                await SynchroniseAsync(session).ConfigureAwait(false);
                await session
                    .ExecuteAsync(
                        "select setval(pg_get_serial_sequence($1, 'key'), greatest(nextval(pg_get_serial_sequence($1, 'key')), "
                            + "nextval(pg_get_serial_sequence($2, 'key'))))",
                        _other.Documents,
                        _now.Documents
                    )
                    .ConfigureAwait(false);
                (Manifest old, _) = (await PostgresRegistry.FindAsync(session, _now.Collection, _server.Name).ConfigureAwait(false))!.Value;
                PostgresTable left = _now with
                {
                    Generation = await PostgresRegistry.NextGenerationAsync(session, _now.Collection).ConfigureAwait(false),
                };
                await PostgresSchema.RenameAsync(session, _now, left).ConfigureAwait(false);
                await PostgresVectors.ForgetAsync(session, _now.Collection, _role).ConfigureAwait(false);
                await PostgresVectors.NoteAsync(session, left, old, VectorRole.Previous).ConfigureAwait(false);
                await PostgresRegistry.NoteAsync(session, _other, Manifest).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    public override ValueTask DisposeAsync() => _claim.DisposeAsync();

    private static async Task<(Manifest, PostgresTable)> CreateAsync(PostgresSession session, PostgresTable now, Manifest next)
    {
        PostgresTable other = now with
        {
            Dimensions = next.Dimensions,
            Index = now.IndexForOther(next.Dimensions),
            Generation = await PostgresRegistry.NextGenerationAsync(session, now.Collection).ConfigureAwait(false),
        };
        other.Check();
        await PostgresSchema.CreateTableAsync(session, other).ConfigureAwait(false);
        await PostgresVectors.NoteAsync(session, other, next, VectorRole.Next).ConfigureAwait(false);
        return (next, other);
    }

    private static async Task LockAsync(PostgresSession session, string collection)
    {
        await PostgresSchema.LockAsync(session, collection).ConfigureAwait(false);
        await PostgresSchema
            .CreateSharedAsync(
                session,
                "replacements",
                """
                create table if not exists sextant.replacements (
                    collection text not null,
                    role text not null,
                    manifest jsonb not null,
                    vector_index text not null,
                    partition_by text,
                    worker text,
                    seen timestamptz,
                    primary key (collection, role))
                """
            )
            .ConfigureAwait(false);
    }

    // Writes the whole row again, so that other changes made with its text are kept. (Without a join, which Citus would not do by key.)
    private async Task<bool> PutAsync(PostgresSession session, IReadOnlyList<PendingText> texts, IReadOnlyList<float[]> vectors)
    {
        long[] keys = [.. texts.Select(text => text.Key)];
        await session.ExecuteAsync($"delete from {_other.Documents} where key = any($1)", keys).ConfigureAwait(false);
        await session
            .ExecuteAsync(
                $"""
                insert into {_other.Documents} (key, id, {Part}text_hash, source, metadata, fields, text, words, vector)
                select key, id, {Part}text_hash, source, metadata, fields, text, words, ($3::vector[])[array_position($1, key)]
                from {_now.Documents} where key = any($1) and text_hash = ($2::bytea[])[array_position($1, key)]
                on conflict ({Unique}) do update set key = excluded.key, text_hash = excluded.text_hash, source = excluded.source,
                    metadata = excluded.metadata, fields = excluded.fields, text = excluded.text, words = excluded.words,
                        vector = excluded.vector
                """,
                keys,
                texts.Select(text => IncomingDocument.HashText(text.Text)).ToArray(),
                vectors.Select(vector => new Vector(vector)).ToArray()
            )
            .ConfigureAwait(false);
        return true;
    }

    // Applies deletions, and changes that left the text unchanged.
    private async Task<bool> SynchroniseAsync(PostgresSession session)
    {
        await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
        await session
            .ExecuteAsync(
                $"delete from {_other.Documents} n where not exists (select 1 from {_now.Documents} d where d.id = n.id and d.key = n.key)"
            )
            .ConfigureAwait(false);
        await session
            .ExecuteAsync(
                $"update {_other.Documents} n set {(_now.IsPartitioned ? "part = d.part, " : "")}source = d.source, metadata = "
                    + $"d.metadata, fields = d.fields "
                    + $"from {_now.Documents} d where d.id = n.id and d.key = n.key and (n.source <> d.source or n.metadata <> d.metadata)"
            )
            .ConfigureAwait(false);
        return true;
    }
}
