using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Sextant.Embedding;

/// <summary>
/// The cache's SQLite file: one row a vector. Knows SQL and nothing of policy: any failure is a <see cref="SqliteException"/>.
/// Not thread-safe; several processes may have the file open at once (WAL).
/// </summary>
internal sealed class CacheDatabase : IDisposable
{
    private const int SchemaVersion = 1;

    /// <summary>A row's time of last use is only written again when it is older than this, so that hits stay reads.</summary>
    private const long TouchSeconds = 3600;

    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, long> _models = new(StringComparer.Ordinal);

    public CacheDatabase(string path, TimeProvider time, int busySeconds)
    {
        _time = time;
        _connection = SqliteFile.Connect(path, SqliteOpenMode.ReadWriteCreate, busySeconds);
        try
        {
            Prepare();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Fills in the vectors of the keys that are known; a row that does not prove itself is as good as none.</summary>
    /// <returns>How many were found.</returns>
    public int Read(ReadOnlySpan<CacheKey> keys, Span<float[]?> vectors)
    {
        var stale = new List<long>();
        long now = Now();
        int found = 0;
        using (SqliteTransaction transaction = _connection.BeginTransaction(deferred: true))
        {
            using SqliteCommand command = Command("select proof, vector, checksum, used from entries where key = $key", transaction);
            SqliteParameter row = command.Parameters.Add("$key", SqliteType.Integer);
            command.Prepare();
            for (int i = 0; i < keys.Length; i++)
            {
                row.Value = keys[i].Row;
                using SqliteDataReader reader = command.ExecuteReader();
                if (reader.Read() && Decode(keys[i], reader) is { } vector)
                {
                    vectors[i] = vector;
                    found++;
                    if (reader.GetValue(3) is not long used || now - used > TouchSeconds)
                    {
                        stale.Add(keys[i].Row);
                    }
                }
            }
        }

        Touch(stale, now);
        return found;
    }

    /// <summary>Adds or replaces vectors, all or none.</summary>
    public void Write(string model, IReadOnlyList<KeyValuePair<CacheKey, ReadOnlyMemory<float>>> entries)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        long modelId = ModelId(model, transaction);
        using SqliteCommand command = Command(
            """
            insert or replace into entries (key, proof, model, used, checksum, vector)
            values ($key, $proof, $model, $used, $checksum, $vector)
            """,
            transaction
        );
        SqliteParameter key = command.Parameters.Add("$key", SqliteType.Integer);
        byte[] proof = new byte[CacheProof.Bytes];
        command.Parameters.Add("$proof", SqliteType.Blob).Value = proof;
        command.Parameters.AddWithValue("$model", modelId);
        command.Parameters.AddWithValue("$used", Now());
        SqliteParameter checksum = command.Parameters.Add("$checksum", SqliteType.Integer);
        SqliteParameter vector = command.Parameters.Add("$vector", SqliteType.Blob);
        command.Prepare();
        byte[] bytes = [];
        foreach ((CacheKey name, ReadOnlyMemory<float> values) in entries)
        {
            ReadOnlySpan<byte> source = MemoryMarshal.AsBytes(values.Span);
            if (bytes.Length != source.Length)
            {
                bytes = new byte[source.Length];
            }

            source.CopyTo(bytes);
            name.WriteProof(proof);
            key.Value = name.Row;
            checksum.Value = Checksum(name, bytes);
            vector.Value = bytes;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>The bytes of the pages in use.</summary>
    public long UsedBytes() =>
        Scalar(
            """
            select ((select * from pragma_page_count) - (select * from pragma_freelist_count)) * (select * from pragma_page_size)
            """
        );

    public long Count() => Scalar("select count(*) from entries indexed by entries_used");

    public List<KeyValuePair<string, long>> CountByModel()
    {
        using SqliteCommand command = Command(
            """
            select m.fingerprint, count(*) from entries e indexed by entries_used join models m on m.id = e.model
            group by m.id order by count(*) desc, m.fingerprint
            """
        );
        using SqliteDataReader reader = command.ExecuteReader();
        var counts = new List<KeyValuePair<string, long>>();
        while (reader.Read())
        {
            counts.Add(new(reader.GetValue(0) as string ?? "", reader.GetInt64(1)));
        }

        return counts;
    }

    /// <summary>Drops the longest unused rows until at most <paramref name="maxBytes"/> are in use, and gives the room back.</summary>
    /// <returns>How many rows went.</returns>
    public long Prune(long maxBytes)
    {
        long removed = 0;
        for (long used = UsedBytes(); used > maxBytes; used = UsedBytes())
        {
            long count = Count();
            if (count == 0)
            {
                break;
            }

            // By the mean size of a row, in steps that hold up other writers for moments only.
            long batch = Math.Clamp((long)Math.Ceiling(count * ((double)(used - maxBytes) / used)), 1, 10_000);
            using SqliteCommand delete = Command("delete from entries where id in (select id from entries order by used, id limit $count)");
            delete.Parameters.AddWithValue("$count", batch);
            removed += delete.ExecuteNonQuery();
        }

        Execute("pragma incremental_vacuum");
        return removed;
    }

    /// <summary>Whether SQLite finds its file in order.</summary>
    public bool IsSound()
    {
        using SqliteCommand command = Command("pragma integrity_check(1)");
        return command.ExecuteScalar() is "ok";
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    internal void Execute(string sql) => SqliteFile.Execute(_connection, sql);

    private void Prepare()
    {
        long version = Scalar("pragma user_version");
        if (version > SchemaVersion)
        {
            throw new SextantException($"a newer Sextant wrote {_connection.DataSource}");
        }

        // A cache may lose its last rows in a power cut, and NORMAL never damages the file.
        Execute("pragma synchronous = NORMAL");
        if (version == SchemaVersion)
        {
            return;
        }

        // All need an empty file, and journal_mode cannot change inside of a transaction. A page of 16 KiB wastes little on rows of
        // some thousand bytes, and rows are appended and found through an index, since hashed keys would
        // scatter them over the whole table: together that makes writing five times as fast.
        Execute("pragma page_size = 16384");
        Execute("pragma auto_vacuum = INCREMENTAL");
        Execute("pragma journal_mode = WAL");
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        using SqliteCommand create = Command(
            $"""
            create table if not exists models (id integer primary key, fingerprint text not null unique);
            create table if not exists entries (
                id integer primary key, key integer not null, proof blob not null, model integer not null, used integer not null,
                checksum integer not null, vector blob not null);
            create unique index if not exists entries_key on entries (key);
            create index if not exists entries_used on entries (used, model);
            pragma user_version = {SchemaVersion};
            """,
            transaction
        );
        create.ExecuteNonQuery();
        transaction.Commit();
    }

    private long ModelId(string fingerprint, SqliteTransaction transaction)
    {
        if (_models.TryGetValue(fingerprint, out long known))
        {
            return known;
        }

        using SqliteCommand insert = Command("insert or ignore into models (fingerprint) values ($fingerprint)", transaction);
        insert.Parameters.AddWithValue("$fingerprint", fingerprint);
        insert.ExecuteNonQuery();
        using SqliteCommand select = Command("select id from models where fingerprint = $fingerprint", transaction);
        select.Parameters.AddWithValue("$fingerprint", fingerprint);
        return _models[fingerprint] = (long)select.ExecuteScalar()!;
    }

    private void Touch(List<long> rows, long now)
    {
        if (rows.Count == 0)
        {
            return;
        }

        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            using SqliteCommand command = Command("update entries set used = $used where key = $key", transaction);
            command.Parameters.AddWithValue("$used", now);
            SqliteParameter row = command.Parameters.Add("$key", SqliteType.Integer);
            foreach (long key in rows)
            {
                row.Value = key;
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
        catch (SqliteException)
        {
            // A time of use that cannot be noted (a full disk, a read-only file) takes nothing from the hits.
        }
    }

    // Any value in a column of a damaged file, NULL included, at most makes the row fail its proof.
    private static float[]? Decode(CacheKey key, SqliteDataReader row)
    {
        if (
            row.GetValue(0) is not byte[] proof
            || !key.IsProvenBy(proof)
            || row.GetValue(1) is not byte[] bytes
            || row.GetValue(2) is not long checksum
            || bytes.Length % sizeof(float) != 0
            || Checksum(key, bytes) != checksum
        )
        {
            return null;
        }

        float[] vector = new float[bytes.Length / sizeof(float)];
        bytes.CopyTo(MemoryMarshal.AsBytes(vector.AsSpan()));
        return vector;
    }

    /// <summary>SQLite notices a damaged page only when its structure is hurt; this notices a damaged vector.</summary>
    private static long Checksum(CacheKey key, ReadOnlySpan<byte> bytes) => (long)XxHash3.HashToUInt64(bytes, key.Row);

    private long Now() => _time.GetUtcNow().ToUnixTimeSeconds();

    private long Scalar(string sql) => SqliteFile.Scalar(_connection, sql);

    private SqliteCommand Command(string sql, SqliteTransaction? transaction = null)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        return command;
    }
}
