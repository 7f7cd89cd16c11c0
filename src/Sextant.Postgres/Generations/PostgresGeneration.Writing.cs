using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Pgvector;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Queries;
using Sextant.Postgres.Tables;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Generations;

internal sealed partial class PostgresGeneration
{
    /// <summary>Fewer rows than this are sent as fast by an insert.</summary>
    private const int WorthCopying = 64;

    /// <summary>Below this, comparing with everything is faster than a graph is worth.</summary>
    public const int WorthIndexing = 1_000;

    /// <summary>So much may be written outside of a run before the index is built all the same.</summary>
    private const int WithoutIndex = 20_000;

    /// <summary>An entry of an index takes a third of a page, with its own overhead.</summary>
    private const int MaxKeyBytes = 2_600;

    private volatile bool _inRun;
    private volatile bool _wroteWithoutIndex;
    private int _writtenWithoutIndex;

    public override void BeginBulkWrite() => _inRun = true;

    public override async Task<IReadOnlyList<WriteEffect>?> UpsertAsync(
        IReadOnlyList<IncomingDocument> documents,
        CancellationToken cancellationToken
    )
    {
        WriteEffect[]? effects = await _server.WriteAsync(session => PutAsync(session, documents), cancellationToken).ConfigureAwait(false);
        if (effects is null || _hasIndex)
            return effects;
        int written = effects.Count(effect => effect != WriteEffect.Unchanged);
        _wroteWithoutIndex |= written > 0;
        if (Interlocked.Add(ref _writtenWithoutIndex, written) >= WithoutIndex && !_inRun)
            await EndBulkWriteAsync(cancellationToken).ConfigureAwait(false);
        return effects;
    }

    public override Task<int> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        _server.WriteAsync(
            session =>
                session.ExecuteAsync(
                    $"delete from {_table.Documents} where id = any($1)",
                    [ids.Where(IsStorable).Select(Storable).Distinct(StringComparer.Ordinal).ToArray()]
                ),
            cancellationToken
        );

    public override async Task EndBulkWriteAsync(CancellationToken cancellationToken)
    {
        _inRun = false;
        if (_table.Index == VectorIndexKind.None)
            return;
        _hasIndex = await _server
            .WriteAsync(
                async session =>
                {
                    if (await PostgresSchema.HasIndexAsync(session, _table).ConfigureAwait(false))
                        return true;
                    if (await CountAsync(session).ConfigureAwait(false) < WorthIndexing)
                        return false;
                    await PostgresSchema.BuildIndexAsync(session, _table, Manifest).ConfigureAwait(false);
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        _wroteWithoutIndex = false;
        Interlocked.Exchange(ref _writtenWithoutIndex, 0);
    }

    private async Task<WriteEffect[]?> PutAsync(PostgresSession session, IReadOnlyList<IncomingDocument> documents)
    {
        // An id is unique within its partition only, so writers of a partitioned collection take turns.
        if (_table.IsPartitioned)
            await session.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended($1, 0))", _table.Documents).ConfigureAwait(false);
        if (!_hasGiven)
        {
            _hasGiven = await PostgresSchema.HasGivenAsync(session, _table).ConfigureAwait(false);
            if (!_hasGiven && documents.Any(d => d.GivenVector is not null))
            {
                // Should the transaction fail, the next one finds that the column is not there.
                await PostgresSchema.AddGivenAsync(session, _table).ConfigureAwait(false);
            }
        }

        bool hasGiven = _hasGiven || documents.Any(d => d.GivenVector is not null);
        Dictionary<string, StoredState> states = await StatesAsync(
                session,
                [.. documents.Select(d => Storable(d.Id))],
                _isCitus ? "" : " order by id for update"
            )
            .ConfigureAwait(false);
        HashSet<string> moved = await OtherVectorsAsync(
                session,
                [.. documents.Where(d => d.HasGivenVector && states.ContainsKey(Storable(d.Id)))],
                hasGiven
            )
            .ConfigureAwait(false);
        WriteEffect[] effects = new WriteEffect[documents.Count];
        List<IncomingDocument> whole = [],
            facts = [];
        for (int i = 0; i < effects.Length; i++)
        {
            IncomingDocument document = documents[i];
            bool isThere = states.TryGetValue(Storable(document.Id), out StoredState state);
            // A vector that came with its document may be another one for the same text; one made here is only ever made for a new text.
            bool sameText =
                isThere
                && state.TextHash.AsSpan().SequenceEqual(document.TextHash)
                && (!document.HasGivenVector || !moved.Contains(Storable(document.Id)));
            if (sameText && state.Metadata == Storable(document.Metadata) && state.Source == Storable(document.Source))
                continue;
            if (!sameText && document.Vector is null)
                return null;
            (sameText ? facts : whole).Add(document);
            effects[i] = isThere ? WriteEffect.Updated : WriteEffect.Added;
        }

        Check(whole);
        if (whole.Count > 0)
            await InsertAsync(session, whole, hasGiven).ConfigureAwait(false);
        if (facts.Count > 0)
            await UpdateFactsAsync(session, facts).ConfigureAwait(false);
        return effects;
    }

    // Of documents that bring their vector, those whose stored one is another.
    private async Task<HashSet<string>> OtherVectorsAsync(PostgresSession session, List<IncomingDocument> documents, bool hasGiven) =>
        documents.Count == 0
            ? []
            :
            [
                .. await session
                    .QueryAsync(
                        $"select d.id from {_table.Documents} d join unnest($1, $2, $3) as i(id, vector, given) on i.id = d.id "
                            + $"where d.vector <> i.vector{(hasGiven ? " or d.given is distinct from i.given" : "")}",
                        row => row.GetString(0),
                        documents.Select(d => Storable(d.Id)).ToArray(),
                        documents.Select(d => new Vector(d.Vector)).ToArray(),
                        documents.Select(Given).ToArray()
                    )
                    .ConfigureAwait(false),
            ];

    // Before anything is sent: the server's own words for it name an index.
    private void Check(List<IncomingDocument> documents)
    {
        if (documents.Find(d => Encoding.UTF8.GetByteCount(d.Source) > MaxKeyBytes) is { } longest)
        {
            throw new InputException(
                $"{Name}: the source of document '{longest.Id}' is longer than {Number(MaxKeyBytes)} bytes, which PostgreSQL cannot "
                    + $"index; give it a shorter name"
            );
        }
    }

    private async Task InsertAsync(PostgresSession session, List<IncomingDocument> documents, bool hasGiven)
    {
        string from = "unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) with ordinality";
        object[] values = [];
        if (_table.IsPartitioned)
        {
            // A document whose field has changed belongs to another partition now; it keeps its key.
            await session
                .ExecuteAsync(
                    $"update {_table.Documents} set part = i.part from unnest($1, $2) as i(id, part) where {_table.Documents}.id = i.id "
                        + $"and {_table.Documents}.part <> i.part",
                    documents.Select(d => Storable(d.Id)).ToArray(),
                    documents.Select(Part).ToArray()
                )
                .ConfigureAwait(false);
        }

        if (_server.UsesCopy && documents.Count >= WorthCopying)
        {
            await CopyAsync(session, documents).ConfigureAwait(false);
            from = "arriving";
        }
        else
        {
            values =
            [
                documents.Select(d => Storable(d.Id)).ToArray(),
                documents.Select(Part).ToArray(),
                documents.Select(d => d.TextHash).ToArray(),
                documents.Select(d => Storable(d.Source)).ToArray(),
                documents.Select(d => Storable(d.Metadata)).ToArray(),
                documents.Select(Fields).ToArray(),
                documents.Select(d => Storable(d.Text)).ToArray(),
                documents.Select(d => KeywordText.Vector(d.Text)).ToArray(),
                documents.Select(d => new Vector(d.Vector)).ToArray(),
                documents.Select(Given).ToArray(),
            ];
        }

        (string part, string partKey) = _table.IsPartitioned ? ("part, ", "id, part") : ("", "id");
        (string given, string setGiven) = hasGiven ? (", given", ", given = excluded.given") : ("", "");
        await session
            .ExecuteAsync(
                $"""
                insert into {_table.Documents} (id, {part}text_hash, source, metadata, fields, text, words, vector{given})
                select id, {part}text_hash, source, metadata, fields::jsonb, text, words::tsvector, vector{given}
                from {from} as i(id, part, text_hash, source, metadata, fields, text, words, vector, given, n) order by n
                on conflict ({partKey}) do update set text_hash = excluded.text_hash, source = excluded.source,
                    metadata = excluded.metadata,
                    fields = excluded.fields, text = excluded.text, words = excluded.words, vector = excluded.vector{setGiven}
                """,
                values
            )
            .ConfigureAwait(false);
    }

    // Via a temporary table of this transaction, because COPY itself cannot replace rows.
    private async Task CopyAsync(PostgresSession session, List<IncomingDocument> documents)
    {
        await session
            .ExecuteAsync(
                "create temp table arriving (id text, part bigint, text_hash bytea, source text, metadata text, fields text, text text, "
                    + "words text, "
                    + "vector vector, given vector, n bigint) on commit drop"
            )
            .ConfigureAwait(false);
        NpgsqlBinaryImporter rows = await session
            .Connection.BeginBinaryImportAsync("copy arriving from stdin (format binary)", session.CancellationToken)
            .ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            for (int i = 0; i < documents.Count; i++)
            {
                IncomingDocument document = documents[i];
                await rows.StartRowAsync(session.CancellationToken).ConfigureAwait(false);
                await TextAsync(Storable(document.Id)).ConfigureAwait(false);
                await rows.WriteAsync(Part(document), NpgsqlDbType.Bigint, session.CancellationToken).ConfigureAwait(false);
                await rows.WriteAsync(document.TextHash, NpgsqlDbType.Bytea, session.CancellationToken).ConfigureAwait(false);
                await TextAsync(Storable(document.Source)).ConfigureAwait(false);
                await TextAsync(Storable(document.Metadata)).ConfigureAwait(false);
                await TextAsync(Fields(document)).ConfigureAwait(false);
                await TextAsync(Storable(document.Text)).ConfigureAwait(false);
                await TextAsync(KeywordText.Vector(document.Text)).ConfigureAwait(false);
                await rows.WriteAsync(new Vector(document.Vector), session.CancellationToken).ConfigureAwait(false);
                if (Given(document) is { } given)
                    await rows.WriteAsync(given, session.CancellationToken).ConfigureAwait(false);
                else
                    await rows.WriteNullAsync(session.CancellationToken).ConfigureAwait(false);
                await rows.WriteAsync((long)i, NpgsqlDbType.Bigint, session.CancellationToken).ConfigureAwait(false);
            }

            await rows.CompleteAsync(session.CancellationToken).ConfigureAwait(false);
        }

        Task TextAsync(string text) => rows.WriteAsync(text, NpgsqlDbType.Text, session.CancellationToken);
    }

    private async Task UpdateFactsAsync(PostgresSession session, List<IncomingDocument> documents) =>
        await session
            .ExecuteAsync(
                $"update {_table.Documents} d set {(_table.IsPartitioned ? "part = i.part, " : "")}source = i.source, metadata = "
                    + $"i.metadata, fields = i.fields::jsonb "
                    + "from unnest($1, $2, $3, $4, $5) as i(id, part, source, metadata, fields) where d.id = i.id",
                documents.Select(d => Storable(d.Id)).ToArray(),
                documents.Select(Part).ToArray(),
                documents.Select(d => Storable(d.Source)).ToArray(),
                documents.Select(d => Storable(d.Metadata)).ToArray(),
                documents.Select(Fields).ToArray()
            )
            .ConfigureAwait(false);

    private async Task<Dictionary<string, StoredState>> StatesAsync(PostgresSession session, string[] ids, string lockRows)
    {
        List<(string Id, StoredState State)> rows = await session
            .QueryAsync(
                $"select id, key, text_hash, metadata, source from {_table.Documents} where id = any($1){lockRows}",
                row =>
                    (
                        Id: row.GetString(0),
                        State: new StoredState(row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetString(3), row.GetString(4))
                    ),
                [ids]
            )
            .ConfigureAwait(false);
        return rows.ToDictionary(row => row.Id, row => row.State, StringComparer.Ordinal);
    }

    private long Part(IncomingDocument document) =>
        _table.PartitionBy is { } field ? PartitionKey.Compute((JsonObject)JsonNode.Parse(document.Metadata)!, field) : 0;

    private static Vector? Given(IncomingDocument document) => document.GivenVector is { } given ? new(given) : null;

    private static string Fields(IncomingDocument document) => FilterableFields.Create(Storable(document.Metadata));

    // PostgreSQL has no NUL in texts, so nothing is stored under such a name.
    private static bool IsStorable(string id) => !id.Contains('\0', StringComparison.Ordinal);

    // Broken halves of characters become what Unicode puts in the place of what cannot be shown, as they do in a folder.
    private static string Storable(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text;
    }
}
