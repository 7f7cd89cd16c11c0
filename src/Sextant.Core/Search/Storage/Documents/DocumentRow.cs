using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Sextant.Numerics;
using Sextant.Search.Storage.Sqlite;
using SQLitePCL;

namespace Sextant.Search.Storage.Documents;

/// <summary>
/// Reads a document and its vector from one row of one statement, so that both are of one state, and verifies the checksums of both. Reads
/// directly from SQLite's pages: data that is only checked is not copied.
/// </summary>
internal sealed class DocumentRow(string file, int format)
{
    /// <summary>
    /// What the columns are read from. A document without a vector gives a row too, because it is damage and not absence.
    /// </summary>
    public const string Tables = "documents d left join vectors v on v.key = d.key";

    private const int KeyColumn = 0,
        IdColumn = 1,
        TextColumn = 2,
        MetadataColumn = 3,
        SourceColumn = 4;
    private const int VectorChecksumColumn = 5,
        VectorColumn = 6,
        DimensionsColumn = 7,
        SpaceColumn = 8,
        ProofColumn = 9,
        IsObjectColumn = 10;
    private const int TextHashBytes = 16;
    private const int LongestId = 100;

    /// <summary>The columns of a row, in the order in which they are read.</summary>
    public string Columns { get; } =
        "d.key, d.id, d.text, d.metadata, d.source, v.checksum, v.vector, "
        + "(select value from manifest where name = 'dimensions'), (select value from manifest where name = 'fingerprint'), "
        // Format 1 has a hash of the text alone; of its metadata only the form can be checked.
        + (format == 1 ? "d.text_hash, case when json_valid(d.metadata) then json_type(d.metadata) = 'object' end" : "d.checksum");

    /// <summary>The document and its vector.</summary>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public StoredDocument Read(SqliteDataReader row)
    {
        if (Problem(row) is { } problem)
            throw Damaged(problem);
        return ReadChecked(row);
    }

    /// <summary>The same, of a row that has no <see cref="Problem"/>.</summary>
    public static StoredDocument ReadChecked(SqliteDataReader row)
    {
        ReadOnlySpan<float> stored = MemoryMarshal.Cast<byte, float>(Bytes(row, VectorColumn));
        int dimensions = (int)raw.sqlite3_column_int64(row.Handle, DimensionsColumn);
        return new(row.GetInt64(KeyColumn), Text(row, IdColumn), Text(row, TextColumn), Text(row, MetadataColumn), Text(row, SourceColumn))
        {
            Vector = stored[..dimensions].ToArray(),
            GivenVector = stored.Length == dimensions ? null : stored[dimensions..].ToArray(),
            ModelFingerprint = Text(row, SpaceColumn),
        };
    }

    /// <summary>
    /// The state of a document, from a row with the hash of its text as an additional column. A damaged document gets a hash that matches
    /// no text, so that writing the document again replaces it.
    /// </summary>
    public StoredState State(SqliteDataReader row) =>
        new(
            row.GetInt64(KeyColumn),
            Problem(row) is null ? Bytes(row, row.FieldCount - 1).ToArray() : [],
            Text(row, MetadataColumn),
            Text(row, SourceColumn)
        );

    /// <summary>The text alone, of a document that is checked nevertheless.</summary>
    public string ReadText(SqliteDataReader row) => ProblemOfDocument(row) is { } problem ? throw Damaged(problem) : Text(row, TextColumn);

    /// <summary>The key of a row that comes after <paramref name="before"/>.</summary>
    /// <exception cref="CollectionDamagedException">It does not; reading on from the last key would never end.</exception>
    public long Key(SqliteDataReader row, long before) =>
        row.GetInt64(KeyColumn) is var key && key > before
            ? key
            : throw Damaged(string.Create(CultureInfo.InvariantCulture, $"its documents are out of order after the key {before}"));

    /// <summary>The problem with the document or its vector, or <see langword="null"/>.</summary>
    public string? Problem(SqliteDataReader row) => ProblemOfDocument(row) ?? ProblemOfVector(row);

    /// <summary>The problem with the document, or <see langword="null"/>.</summary>
    public string? ProblemOfDocument(SqliteDataReader row)
    {
        for (int column = IdColumn; column <= SourceColumn; column++)
        {
            if (TypeOf(row, column) != raw.SQLITE_TEXT)
                return $"{Name(row)} does not match its checksum";
        }

        if (format > 1)
        {
            return IsInteger(row, ProofColumn) && ChecksumOf(row) == row.GetInt64(ProofColumn)
                ? null
                : $"{Name(row)} does not match its checksum";
        }

        if (
            TypeOf(row, ProofColumn) != raw.SQLITE_BLOB
            || !SHA256.HashData(Bytes(row, TextColumn)).AsSpan(0, TextHashBytes).SequenceEqual(Bytes(row, ProofColumn))
        )
        {
            return $"the text of {Name(row)} does not match its checksum";
        }
        return raw.sqlite3_column_int(row.Handle, IsObjectColumn) == 1 ? null : $"the metadata of {Name(row)} is not a JSON object";
    }

    /// <summary>The checksum that the document should have.</summary>
    public static long ChecksumOf(SqliteDataReader row) =>
        DocumentChecksum.Compute(
            row.GetInt64(KeyColumn),
            Bytes(row, IdColumn),
            Bytes(row, SourceColumn),
            Bytes(row, MetadataColumn),
            Bytes(row, TextColumn)
        );

    public CollectionDamagedException Damaged(string problem) => StorageError.Damaged(file, problem);

    private static string? ProblemOfVector(SqliteDataReader row)
    {
        if (TypeOf(row, VectorColumn) == raw.SQLITE_NULL && TypeOf(row, VectorChecksumColumn) == raw.SQLITE_NULL)
            return $"{Name(row)} has no vector";
        ReadOnlySpan<byte> vector = Bytes(row, VectorColumn);
        return
            TypeOf(row, VectorColumn) == raw.SQLITE_BLOB
            && IsInteger(row, VectorChecksumColumn)
            && StoredVectors.IsLength(vector.Length / sizeof(float), raw.sqlite3_column_int64(row.Handle, DimensionsColumn))
            && vector.Length % sizeof(float) == 0
            && DocumentReader.Checksum(vector) == row.GetInt64(VectorChecksumColumn)
            && VectorMath.IsFinite(MemoryMarshal.Cast<byte, float>(vector))
            ? null
            : $"the vector of {Name(row)} does not match its checksum";
    }

    private static string Name(SqliteDataReader row)
    {
        if (TypeOf(row, IdColumn) != raw.SQLITE_TEXT)
            return string.Create(CultureInfo.InvariantCulture, $"the document with the key {row.GetInt64(KeyColumn)}");
        string id = Text(row, IdColumn);
        return $"document '{(id.Length > LongestId ? id[..LongestId] + "…" : id)}'";
    }

    private static bool IsInteger(SqliteDataReader row, int column) => TypeOf(row, column) == raw.SQLITE_INTEGER;

    private static int TypeOf(SqliteDataReader row, int column) => raw.sqlite3_column_type(row.Handle, column);

    private static ReadOnlySpan<byte> Bytes(SqliteDataReader row, int column) => raw.sqlite3_column_blob(row.Handle, column);

    private static string Text(SqliteDataReader row, int column) => Encoding.UTF8.GetString(Bytes(row, column));
}
