using Sextant.Postgres.Connections;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Tables;

/// <summary>
/// Tables of a collection other than the active one: complete tables including texts, because rewriting a row only for its vector costs the
/// same and would be visible during the move. A row is valid as long as its text equals that of the active row. (Ids are compared with keys
/// because Citus joins on its distribution column.)
/// </summary>
internal static class PostgresVectors
{
    /// <summary>The table in this role, or <see langword="null"/>.</summary>
    public static async Task<(Manifest Manifest, PostgresTable Table)?> FindAsync(
        PostgresSession session,
        string collection,
        VectorRole role
    )
    {
        if (!await session.ScalarAsync<bool>("select to_regclass('sextant.replacements') is not null").ConfigureAwait(false))
            return null;
        List<(Manifest, PostgresTable)> found = await session
            .QueryAsync(
                "select manifest::text, vector_index, partition_by from sextant.replacements where collection = $1 and role = $2",
                row => PostgresRegistry.Read(collection, row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)),
                collection,
                Name(role)
            )
            .ConfigureAwait(false);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Notes which table is in this role.</summary>
    public static Task<int> NoteAsync(PostgresSession session, PostgresTable table, Manifest manifest, VectorRole role) =>
        session.ExecuteAsync(
            """
            insert into sextant.replacements (collection, role, manifest, vector_index, partition_by) values ($1, $2, $3::jsonb, $4, $5)
            on conflict (collection, role) do update
                set manifest = excluded.manifest, vector_index = excluded.vector_index, partition_by = excluded.partition_by,
                    worker = null, seen = null
            """,
            table.Collection,
            Name(role),
            PostgresRegistry.Write(table, manifest),
            table.Index.ToString(),
            (object?)table.PartitionBy ?? DBNull.Value
        );

    /// <summary>Forgets which table is in this role, but leaves it there.</summary>
    public static Task<int> ForgetAsync(PostgresSession session, string collection, VectorRole role) =>
        session.ExecuteAsync("delete from sextant.replacements where collection = $1 and role = $2", collection, Name(role));

    public static async Task DropAsync(PostgresSession session, PostgresTable table, VectorRole role)
    {
        await session.ExecuteAsync($"drop table {table.Documents}").ConfigureAwait(false);
        await ForgetAsync(session, table.Collection, role).ConfigureAwait(false);
    }

    /// <summary>
    /// Notes that this worker is at it. False when another is, unless that one has not been seen for a while or has died on this machine.
    /// </summary>
    public static async Task<bool> TakeAsync(PostgresSession session, string collection, VectorRole role, string worker, string[] dead) =>
        await session
            .ExecuteAsync(
                """
                update sextant.replacements set worker = $3, seen = now() where collection = $1 and role = $2
                and (worker is null or worker = $3 or worker = any($4) or seen < now() - interval '1 minute')
                """,
                collection,
                Name(role),
                worker,
                dead
            )
            .ConfigureAwait(false) == 1;

    public static Task<string?> WorkerAsync(PostgresSession session, string collection, VectorRole role) =>
        session.ScalarAsync<string>("select worker from sextant.replacements where collection = $1 and role = $2", collection, Name(role));

    public static Task<int> ReleaseAsync(PostgresSession session, string collection, VectorRole role, string worker) =>
        session.ExecuteAsync(
            "update sextant.replacements set worker = null, seen = null where collection = $1 and role = $2 and worker = $3",
            collection,
            Name(role),
            worker
        );

    /// <summary>
    /// Documents whose vector in <paramref name="other"/> is missing or of an older text; all of them without such a table.
    /// </summary>
    public static async Task<IReadOnlyList<PendingText>> ListPendingTextsAsync(
        PostgresSession session,
        PostgresTable now,
        PostgresTable? other,
        long afterKey,
        int limit
    )
    {
        string missing = other is null
            ? ""
            : $"and not exists (select 1 from {other.Documents} n where n.id = d.id and n.key = d.key and n.text_hash = d.text_hash)";
        return await session
            .QueryAsync(
                $"select d.key, d.text from {now.Documents} d where d.key > $1 {missing} order by d.key limit $2",
                row => new PendingText(row.GetInt64(0), 0, row.GetString(1)),
                afterKey,
                limit
            )
            .ConfigureAwait(false);
    }

    private static string Name(VectorRole role) => role == VectorRole.Next ? "next" : "previous";
}
