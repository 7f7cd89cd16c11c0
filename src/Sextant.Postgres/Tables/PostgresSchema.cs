using System.Globalization;
using Npgsql;
using Sextant.Postgres.Connections;
using Sextant.Search.Storage;

namespace Sextant.Postgres.Tables;

/// <summary>Creates, renames and deletes the tables of collections and their indexes. They are explained in docs/postgres.md.</summary>
internal static class PostgresSchema
{
    public const int Partitions = 16;

    /// <summary>The first version with iterative scans, which continue until enough rows match a filter.</summary>
    private static readonly Version LeastVector = new(0, 8);

    // "SXTC", "SXTD", "SXTE": the first key of a lock; the second is the collection's, so that none waits for the work on another.
    private const long SharedLock = 0x53585443;
    private const int TablesLock = 0x53585444,
        IndexLock = 0x53585445;

    /// <summary>Removes the tables of a collection and its row.</summary>
    public static async Task DeleteAsync(PostgresSession session, string collection, string shown)
    {
        await LockAsync(session, collection).ConfigureAwait(false);
        if (await PostgresRegistry.FindAsync(session, collection, shown).ConfigureAwait(false) is not { } found)
            return;
        PostgresTable table = found.Table;
        await session.ExecuteAsync($"drop table if exists {table.Documents}").ConfigureAwait(false);
        foreach (VectorRole role in Enum.GetValues<VectorRole>())
        {
            if (await PostgresVectors.FindAsync(session, table.Collection, role).ConfigureAwait(false) is { } kept)
                await PostgresVectors.DropAsync(session, kept.Table, role).ConfigureAwait(false);
        }

        await session.ExecuteAsync("delete from sextant.collections where name = $1", table.Collection).ConfigureAwait(false);
    }

    /// <summary>Ensures that the server has pgvector in a supported version.</summary>
    public static async Task RequireVectorAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        string? version = await server.ReadAsync(VersionAsync, cancellationToken).ConfigureAwait(false);
        if (version is null)
        {
            try
            {
                version = await server
                    .WriteAsync(
                        async session =>
                        {
                            await session.ExecuteAsync("create extension if not exists vector").ConfigureAwait(false);
                            await session.Connection.ReloadTypesAsync(cancellationToken).ConfigureAwait(false);
                            return await VersionAsync(session).ConfigureAwait(false);
                        },
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
            catch (SextantException e) when (e.InnerException is PostgresException)
            {
                throw new SextantException(
                    $"{e.Message}; collections need pgvector {LeastVector} or newer in the database (create extension vector)",
                    e
                )
                {
                    Cause = e.Cause,
                };
            }
        }

        if (!Version.TryParse(version, out Version? found) || found < LeastVector)
        {
            throw new SextantException(
                $"{server.Name}: the database has pgvector {version}; update it to {LeastVector} or newer (alter extension vector update)"
            )
            {
                Cause = FailureCause.Permanent,
            };
        }

        static Task<string?> VersionAsync(PostgresSession session) =>
            session.ScalarAsync<string>("select extversion from pg_extension where extname = 'vector'");
    }

    /// <summary>Creates the table and its row if they do not exist.</summary>
    public static async Task CreateAsync(PostgresSession session, PostgresTable table, Manifest manifest)
    {
        await LockAsync(session, table.Collection).ConfigureAwait(false);
        await CreateSharedAsync(
                session,
                "collections",
                """
                create schema if not exists sextant;
                create table if not exists sextant.collections (
                    name text primary key,
                    format integer not null,
                    manifest jsonb not null,
                    vector_index text not null,
                    partition_by text);
                """
            )
            .ConfigureAwait(false);
        if (await PostgresRegistry.FindAsync(session, table.Collection, table.Collection).ConfigureAwait(false) is not null)
            return;
        await CreateTableAsync(session, table).ConfigureAwait(false);
        await IndexDocumentsAsync(session, table).ConfigureAwait(false);
        await PostgresRegistry.NoteAsync(session, table, manifest).ConfigureAwait(false);
    }

    /// <summary>Takes the lock for creating, replacing or dropping tables of this collection, until the transaction ends.</summary>
    public static Task<int> LockAsync(PostgresSession session, string collection) =>
        session.ExecuteAsync("select pg_advisory_xact_lock($1, hashtext($2))", TablesLock, collection);

    /// <summary>Creates a table that all collections share, unless it is there. Only the first of all collections waits here.</summary>
    public static async Task CreateSharedAsync(PostgresSession session, string table, string ddl)
    {
        if (await session.ScalarAsync<bool>("select to_regclass($1) is not null", $"{PostgresTable.Schema}.{table}").ConfigureAwait(false))
            return;
        await session.ExecuteAsync("select pg_advisory_xact_lock($1)", SharedLock).ConfigureAwait(false);
        await session.ExecuteAsync(ddl).ConfigureAwait(false);
    }

    /// <summary>Makes an empty table that has no indexes yet but those over ids and keys.</summary>
    public static async Task CreateTableAsync(PostgresSession session, PostgresTable table)
    {
        bool distributed = await IsCitusAsync(session).ConfigureAwait(false);
        if (distributed && table.IsPartitioned)
            throw new InputException("Citus already distributes a collection over its workers; remove the setting 'partition'");
        await session.ExecuteAsync(Ddl(table)).ConfigureAwait(false);
        if (distributed)
            await session.ExecuteAsync("select create_distributed_table($1::regclass, 'id')", table.Documents).ConfigureAwait(false);
    }

    /// <summary>Creates the indexes for filters and keyword search if they do not exist.</summary>
    public static Task<int> IndexDocumentsAsync(PostgresSession session, PostgresTable table) =>
        session.ExecuteAsync(
            $"""
            create index if not exists {table.Quoted("source")} on {table.Documents} (source collate "C");
            create index if not exists {table.Quoted("fields")} on {table.Documents} using gin (fields jsonb_path_ops);
            create index if not exists {table.Quoted("words")} on {table.Documents} using gin (words);
            """
        );

    /// <summary>Renames a table and its indexes to another generation.</summary>
    public static async Task RenameAsync(PostgresSession session, PostgresTable from, PostgresTable to)
    {
        string sql =
            $"alter table {from.Documents} rename to {to.Quoted("documents")};"
            + string.Concat(
                ((string[])["key", "source", "fields", "words", "nearest"]).Select(index =>
                    $"alter index if exists {PostgresTable.Schema}.{from.Quoted(index)} rename to {to.Quoted(index)};"
                )
            );
        if (from.IsPartitioned)
        {
            sql += string.Concat(
                Enumerable
                    .Range(0, Partitions)
                    .Select(n => $"alter table {from.Partition(n)} rename to {to.Quoted(PostgresTable.PartitionSuffix(n))};")
            );
        }

        await session.ExecuteAsync(sql).ConfigureAwait(false);
    }

    public static Task<bool> IsCitusAsync(PostgresSession session) =>
        session.ScalarAsync<bool>("select exists (select from pg_extension where extname = 'citus')");

    /// <summary>Whether the table has a column for vectors as they were given, where they do not have length 1.</summary>
    public static Task<bool> HasGivenAsync(PostgresSession session, PostgresTable table) =>
        session.ScalarAsync<bool>(
            "select exists (select from pg_attribute where attrelid = $1::regclass and attname = 'given' and not attisdropped)",
            table.Documents
        );

    /// <summary>Adds that column, and notes that earlier programs cannot write to the collection any more.</summary>
    public static async Task AddGivenAsync(PostgresSession session, PostgresTable table)
    {
        await session.ExecuteAsync($"alter table {table.Documents} add column if not exists given vector").ConfigureAwait(false);
        await session
            .ExecuteAsync("update sextant.collections set format = $2 where name = $1", table.Collection, PostgresRegistry.FormatVersion)
            .ConfigureAwait(false);
    }

    public static Task<bool> HasIndexAsync(PostgresSession session, PostgresTable table) =>
        session.ScalarAsync<bool>("select to_regclass($1) is not null", table.Nearest);

    /// <summary>Builds the vector index if it does not exist. Searches continue during the build, writes wait.</summary>
    public static async Task BuildIndexAsync(PostgresSession session, PostgresTable table, Manifest manifest)
    {
        // A different lock from creating or moving collections, because the index of a large collection takes minutes.
        await session.ExecuteAsync("select pg_advisory_xact_lock($1, hashtext($2))", IndexLock, table.Documents).ConfigureAwait(false);
        await session.ExecuteAsync("set local statement_timeout = 0").ConfigureAwait(false);
        int links = Math.Clamp(manifest.Index.M, 2, 100),
            width = Math.Clamp(manifest.Index.EfConstruction, 2 * links, 1000);
        await session
            .ExecuteAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"create index if not exists {table.Quoted("nearest")} on {table.Documents} using hnsw ({table.Indexed} "
                        + $"{table.OperatorClass}) "
                        + $"with (m = {links}, ef_construction = {width})"
                )
            )
            .ConfigureAwait(false);
        // What a run of inserts left in the queue of the index over words is read by every search until it is merged.
        if (!table.IsPartitioned && !await IsCitusAsync(session).ConfigureAwait(false))
        {
            await session
                .ExecuteAsync("select gin_clean_pending_list($1::regclass)", $"{PostgresTable.Schema}.{table.Quoted("words")}")
                .ConfigureAwait(false);
        }

        await session.ExecuteAsync($"analyze {table.Documents}").ConfigureAwait(false);
    }

    // Metadata are stored twice: as the original text, because jsonb loses order and spelling and copies must be exact, and as jsonb.
    private static string Ddl(PostgresTable table)
    {
        string documents = table.Documents;
        string ddl = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            create table {documents} (
                key bigint generated by default as identity,
                id text not null,
                {(table.IsPartitioned ? "part bigint not null," : "")}
                text_hash bytea not null,
                source text not null,
                metadata text not null,
                fields jsonb not null,
                text text not null,
                words tsvector not null,
                vector vector({table.Dimensions}) not null,
                primary key ({(table.IsPartitioned ? "id, part" : "id")})){(table.IsPartitioned ? " partition by hash (part)" : "")};
            create index {table.Quoted("key")} on {documents} (key);
            """
        );
        if (!table.IsPartitioned)
            return ddl;
        return ddl
            + string.Concat(
                Enumerable
                    .Range(0, Partitions)
                    .Select(n =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"create table {table.Partition(n)} partition of {documents} for values with (modulus {Partitions}, "
                                + $"remainder {n});"
                        )
                    )
            );
    }
}
