using System.IO.Hashing;
using System.Text;
using Microsoft.Data.Sqlite;
using Sextant.Embedding;

namespace Sextant.Search.Storage.Documents;

/// <summary>
/// The checksum of a document: XXH3 over id, source, metadata and text, each hash the seed of the next and the key the seed of the first.
/// A row that moves to another key, or a byte that moves from one column to the next, no longer fits.
/// </summary>
internal static class DocumentChecksum
{
    private const int UpgradeBatch = 1024;

    public static long Compute(
        long key,
        ReadOnlySpan<byte> id,
        ReadOnlySpan<byte> source,
        ReadOnlySpan<byte> metadata,
        ReadOnlySpan<byte> text
    )
    {
        long hash = Hash(id, key);
        hash = Hash(source, hash);
        hash = Hash(metadata, hash);
        return Hash(text, hash);
    }

    public static long Compute(long key, string id, string source, string metadata, string text) =>
        Compute(
            key,
            Encoding.UTF8.GetBytes(id),
            Encoding.UTF8.GetBytes(source),
            Encoding.UTF8.GetBytes(metadata),
            Encoding.UTF8.GetBytes(text)
        );

    /// <summary>
    /// Adds the column and gives every sound document its checksum. A damaged document keeps the default, which does not fit, so that the
    /// upgrade does not declare it sound. Part of the caller's transaction.
    /// </summary>
    public static void AddColumn(SqliteConnection connection)
    {
        SqliteFile.Execute(connection, "alter table documents add column checksum integer not null default 0");
        DocumentRow rows = new(connection.DataSource, format: 1);
        using SqliteCommand read = StoredVectors.Command(
            connection,
            $"select {rows.Columns} from {DocumentRow.Tables} where d.key > $after order by d.key limit $limit",
            ("$after", 0L),
            ("$limit", UpgradeBatch)
        );
        using SqliteCommand write = StoredVectors.Command(
            connection,
            "update documents set checksum = $checksum where key = $key",
            ("$checksum", 0L),
            ("$key", 0L)
        );
        for (long after = 0; ; )
        {
            read.Parameters[0].Value = after;
            List<(long Key, long? Checksum)> batch = [];
            using (SqliteDataReader row = read.ExecuteReader())
            {
                while (row.Read())
                {
                    batch.Add(
                        (
                            rows.Key(row, batch.Count == 0 ? after : batch[^1].Key),
                            rows.ProblemOfDocument(row) is null ? DocumentRow.ChecksumOf(row) : null
                        )
                    );
                }
            }

            foreach ((long key, long? checksum) in batch)
            {
                if (checksum is null)
                    continue;
                (write.Parameters[0].Value, write.Parameters[1].Value) = (checksum, key);
                write.ExecuteNonQuery();
            }

            if (batch.Count < UpgradeBatch)
                return;
            after = batch[^1].Key;
        }
    }

    private static long Hash(ReadOnlySpan<byte> bytes, long seed) => unchecked((long)XxHash3.HashToUInt64(bytes, seed));
}
