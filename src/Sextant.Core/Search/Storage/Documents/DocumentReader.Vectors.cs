using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Sextant.Numerics;
using Sextant.Search.Storage.Sqlite;
using SQLitePCL;

namespace Sextant.Search.Storage.Documents;

/// <summary>The vectors, each verified by its checksum, and the changes that a graph replays.</summary>
internal sealed partial class DocumentReader
{
    /// <summary>The vector of one document in the form that is compared, or <see langword="null"/> if the document was deleted.</summary>
    /// <exception cref="CollectionDamagedException">The vector is damaged.</exception>
    public float[]? FindVector(long key, int dimensions)
    {
        SqliteCommand command = Prepared("select checksum, vector from vectors where key = $value");
        command.Parameters[0].Value = key;
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? Vector(row, key, 0, 1, dimensions).ToArray() : null;
    }

    public List<long> DeletedSince(long change)
    {
        SqliteCommand command = Prepared("select key from deletions where change > $value");
        command.Parameters[0].Value = change;
        using SqliteDataReader row = command.ExecuteReader();
        List<long> keys = [];
        while (row.Read())
            keys.Add(raw.sqlite3_column_int64(row.Handle, 0));
        return keys;
    }

    /// <summary>The number of the last change that wrote a vector.</summary>
    public long LastVectorChange() => Prepared("select max(change) from vectors").ExecuteScalar() as long? ?? 0;

    public long CountVectorsSince(long change)
    {
        SqliteCommand command = Prepared("select count(*) from vectors where change > $value");
        command.Parameters[0].Value = change;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>How many vectors are worth reading at a time.</summary>
    public static int RowsAtOnce(int dimensions) => Math.Max(1, (4 << 20) / dimensions);

    /// <summary>
    /// Passes the vectors written after <paramref name="change"/> to <paramref name="batch"/> in the order of their changes, up to
    /// <paramref name="capacity"/> at a time: their keys, their rows, and the change of the last of them.
    /// </summary>
    /// <exception cref="SextantException">A vector is damaged.</exception>
    public void VectorsSince(
        long change,
        int dimensions,
        int capacity,
        Action<ReadOnlyMemory<long>, ReadOnlyMemory<float>, long> batch,
        CancellationToken cancellationToken
    )
    {
        SqliteCommand command = Prepared("select key, checksum, vector, change from vectors where change > $value order by change, key");
        command.Parameters[0].Value = change;
        Batches(command, dimensions, capacity, batch, cancellationToken);
    }

    /// <summary>The same for all vectors in another table, except those of deleted documents.</summary>
    public void VectorsOf(
        string table,
        int dimensions,
        int capacity,
        Action<ReadOnlyMemory<long>, ReadOnlyMemory<float>> batch,
        CancellationToken cancellationToken
    ) =>
        Batches(
            Prepared($"select key, checksum, vector, change from {table} where key in (select key from documents) order by key"),
            dimensions,
            capacity,
            (keys, rows, _) => batch(keys, rows),
            cancellationToken
        );

    private void Batches(
        SqliteCommand command,
        int dimensions,
        int capacity,
        Action<ReadOnlyMemory<long>, ReadOnlyMemory<float>, long> batch,
        CancellationToken cancellationToken
    )
    {
        int count = 0;
        long[] keys = new long[capacity];
        float[] rows = new float[capacity * dimensions];
        long last = 0;
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            keys[count] = row.GetInt64(0);
            Vector(row, keys[count], 1, 2, dimensions).CopyTo(rows.AsSpan(count * dimensions));
            last = raw.sqlite3_column_int64(row.Handle, 3);
            if (++count < capacity)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            batch(keys, rows, last);
            count = 0;
        }

        if (count > 0)
            batch(keys.AsMemory(0, count), rows.AsMemory(0, count * dimensions), last);
    }

    public static long Checksum(ReadOnlySpan<byte> vector) => unchecked((long)XxHash3.HashToUInt64(vector));

    // Straight from SQLite's page: a copy as a byte array for each vector would double the work of opening.
    private ReadOnlySpan<float> Vector(SqliteDataReader row, long key, int checksumColumn, int vectorColumn, int dimensions)
    {
        ReadOnlySpan<byte> bytes = raw.sqlite3_column_blob(row.Handle, vectorColumn);
        ReadOnlySpan<float> vector = MemoryMarshal.Cast<byte, float>(bytes);
        return
            raw.sqlite3_column_type(row.Handle, vectorColumn) == raw.SQLITE_BLOB
            && Checksum(bytes) == raw.sqlite3_column_int64(row.Handle, checksumColumn)
            && StoredVectors.IsLength(vector.Length, dimensions)
            && VectorMath.IsFinite(vector)
            ? vector[..dimensions]
            : throw DamagedVector(key);
    }

    private CollectionDamagedException DamagedVector(long key)
    {
        using SqliteCommand command = StoredVectors.Command(
            Connection,
            "select cast(id as text) from documents where key = $key",
            ("$key", key)
        );
        return StorageError.Damaged(
            _file,
            command.ExecuteScalar() is string id
                ? $"the vector of document '{id}' does not match its checksum"
                : string.Create(CultureInfo.InvariantCulture, $"the vector with the key {key} does not match its checksum")
        );
    }
}
