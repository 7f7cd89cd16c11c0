using System.Globalization;
using Npgsql;
using Pgvector;
using Sextant.Postgres.Connections;
using Sextant.Postgres.Tables;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Generations;

/// <summary>
/// A collection in a PostgreSQL database for as long as it keeps its model. Any number of processes read and write it at the same time.
/// </summary>
internal sealed partial class PostgresGeneration : CollectionStore
{
    private const string Columns = "key, id, text, metadata, source";

    private readonly PostgresServer _server;
    private readonly PostgresTable _table;
    private readonly bool _isCitus;
    private volatile bool _hasIndex;
    private volatile Manifest _manifest;

    // The column is added by the first vector that needs it, in any process, and stays.
    private volatile bool _hasGiven;

    private PostgresGeneration(PostgresServer server, PostgresTable table, Manifest manifest, bool isCitus, bool hasIndex, bool hasGiven)
    {
        _server = server;
        _table = table;
        _isCitus = isCitus;
        _hasIndex = hasIndex;
        _hasGiven = hasGiven;
        _manifest = manifest;
    }

    public override string Name => _server.Name;

    public override Manifest Manifest => _manifest;

    public PostgresTable Table => _table;

    /// <summary>Opens the collection; <paramref name="server"/> stays its owner's to dispose.</summary>
    public static async Task<PostgresGeneration> OpenAsync(
        PostgresServer server,
        PostgresTable table,
        Manifest manifest,
        CancellationToken cancellationToken
    )
    {
        (bool citus, bool index, bool given) = await server
            .ReadAsync(
                async session =>
                {
                    bool isCitus = await PostgresSchema.IsCitusAsync(session).ConfigureAwait(false);
                    return (
                        isCitus,
                        await PostgresSchema.HasIndexAsync(session, table).ConfigureAwait(false),
                        await PostgresSchema.HasGivenAsync(session, table).ConfigureAwait(false)
                    );
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return new(server, table, manifest, citus, index, given);
    }

    public override Task<StoredDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        !IsStorable(id)
            ? Task.FromResult<StoredDocument?>(null)
            : _server.ReadAsync(
                async session =>
                    (
                        await session.QueryAsync(SelectWhole("where id = $1"), WithVector, Storable(id)).ConfigureAwait(false)
                    ).FirstOrDefault(),
                cancellationToken
            );

    public override Task<float[]?> FindVectorAsync(string id, CancellationToken cancellationToken) =>
        !IsStorable(id)
            ? Task.FromResult<float[]?>(null)
            : _server.ReadAsync(
                async session =>
                    (
                        await session
                            .QueryAsync(
                                $"select vector from {_table.Documents} where id = $1",
                                row => row.GetFieldValue<Vector>(0).ToArray(),
                                Storable(id)
                            )
                            .ConfigureAwait(false)
                    ).FirstOrDefault(),
                cancellationToken
            );

    // From the primary, because what a replica does not know yet would be embedded again.
    public override Task<IReadOnlyList<StoredState?>> FindStatesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        _server.WriteAsync<IReadOnlyList<StoredState?>>(
            async session =>
            {
                Dictionary<string, StoredState> states = await StatesAsync(session, [.. ids.Where(IsStorable).Select(Storable)], "")
                    .ConfigureAwait(false);
                return ids.Select(id => states.TryGetValue(Storable(id), out StoredState state) ? state : (StoredState?)null).ToArray();
            },
            cancellationToken
        );

    public override Task<long> CountAsync(CancellationToken cancellationToken) => _server.ReadAsync(CountAsync, cancellationToken);

    public override Task<long> GetLastKeyAsync(CancellationToken cancellationToken) =>
        _server.ReadAsync(session => session.ScalarAsync<long>($"select coalesce(max(key), 0) from {_table.Documents}"), cancellationToken);

    public override Task<IReadOnlyList<StoredDocument>> ReadAsync(long afterKey, int limit, CancellationToken cancellationToken) =>
        _server.ReadAsync<IReadOnlyList<StoredDocument>>(
            async session =>
                await session
                    .QueryAsync(SelectWhole("where key > $1 order by key limit $2"), WithVector, afterKey, limit)
                    .ConfigureAwait(false),
            cancellationToken
        );

    public override Task<IReadOnlyList<string>> FindIdsBySourceAsync(
        string source,
        Func<string, string, bool> predicate,
        CancellationToken cancellationToken
    )
    {
        // A range rather than LIKE: it uses the index, and a path may hold % and _.
        string folder = Path.TrimEndingDirectorySeparator(source);
        return _server.WriteAsync<IReadOnlyList<string>>(
            async session =>
            {
                List<string?> ids = await session
                    .QueryAsync(
                        $"select id, source from {_table.Documents} where source collate \"C\" = $1 or (source collate \"C\" > $2 and "
                            + $"source collate \"C\" < $3)",
                        row => row.GetString(0) is var id && predicate(id, row.GetString(1)) ? id : null,
                        Storable(source),
                        Storable(folder + Path.DirectorySeparatorChar),
                        Storable(folder + (char)(Path.DirectorySeparatorChar + 1))
                    )
                    .ConfigureAwait(false);
                return ids.OfType<string>().ToList();
            },
            cancellationToken
        );
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_wroteWithoutIndex)
                await EndBulkWriteAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (SextantException)
        {
            // The documents are stored; the next writer builds the index.
        }
    }

    private Task<long> CountAsync(PostgresSession session) => session.ScalarAsync<long>($"select count(*) from {_table.Documents}");

    private static StoredDocument Document(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4));

    private static StoredDocument WithVector(NpgsqlDataReader row) =>
        Document(row) with
        {
            Vector = row.GetFieldValue<Vector>(5).ToArray(),
            GivenVector = row.IsDBNull(6) ? null : row.GetFieldValue<Vector>(6).ToArray(),
        };

    // Another process may have added the column since. In the inner query the name means the column if there is one, and else the null of
    // the outer one; Citus does not plan such a query.
    private string SelectWhole(string condition) =>
        _hasGiven || _isCitus
            ? $"select {Columns}, vector, {(_hasGiven ? "given" : "null::vector")} from {_table.Documents} {condition}"
            : $"select found.* from (select null::vector as given) as none cross join lateral (select {Columns}, vector, given from "
                + $"{_table.Documents} {condition}) as found";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
