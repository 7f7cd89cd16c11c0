using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Sextant.Tests.Shared.Search;

/// <summary>Damages a file of a collection in a folder, the same way for the same seed.</summary>
internal static class CollectionDamage
{
    private const int PageBytes = 4096;
    private const int LongestRun = 64;

    private static readonly string[] Rows =
    [
        "update documents set text = substr(text, 2) where key = $key",
        "update documents set metadata = replace(metadata, '2', '3') where key = $key",
        "update documents set source = source || 'x' where key = $key",
        "update documents set id = id || 'x' where key = $key",
        "update documents set text = null where key = $key",
        "update documents set metadata = null where key = $key",
        "update documents set id = null where key = $key",
        "update documents set text = 7 where key = $key",
        "update documents set metadata = x'00ff' where key = $key",
        "update vectors set vector = null where key = $key",
        "update vectors set checksum = null where key = $key",
        "update vectors set vector = x'0000c07f' || substr(vector, 5) where key = $key",
        "update vectors set vector = substr(vector, 1, 12) where key = $key",
        "update vectors set vector = 'text' where key = $key",
        "update vectors set change = change + 1000000 where key = $key",
        "delete from vectors where key = $key",
        "delete from documents where key = $key",
        "update changes set last = 0",
        "update changes set last = null",
        "delete from changes",
        "update snapshots set change = change + 1000000",
        "update documents set text = x'ff41' where key = $key",
        "update documents set id = x'ff' where key = $key",
        "update documents set source = null where key = $key",
        "update documents set source = x'ff' where key = $key",
        "update documents set metadata = '[1]' where key = $key",
        "update documents set metadata = '{\"year\":' where key = $key",
        "update documents set metadata = 7 where key = $key",
        "update documents set text_hash = null where key = $key",
        "update documents set text_hash = 'text' where key = $key",
        "update vectors set vector = 7.5 where key = $key",
        "update vectors set checksum = 'text' where key = $key",
        "update vectors set change = null where key = $key",
        "update vectors set change = 'text' where key = $key",
        "update changes set last = 'text'",
        "update changes set purged = null",
        "update changes set purged = last + 1",
        "delete from manifest",
        "update manifest set value = 'x' where name = 'format'",
        "update manifest set value = '' where name = 'model'",
        "drop table vectors",
        "drop table keywords",
        "delete from sqlite_sequence",
    ];

    /// <summary>How many ways there are to damage a row; seeds that differ by it damage in the same way.</summary>
    public static int Ways => Rows.Length;

    /// <summary>Damages bytes of a file.</summary>
    /// <returns>A description of the damage.</returns>
    public static string DamageBytes(string file, int seed)
    {
        Random random = new(seed);
        byte[] bytes = File.ReadAllBytes(file);
        // A file shorter than a page is one page.
        int page = Math.Min(PageBytes, bytes.Length),
            at = random.Next(bytes.Length),
            pages = Math.Max(1, bytes.Length / PageBytes);
        string done;
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                done = $"a bit of byte {at} flipped";
                break;
            case 1:
                Span<byte> run = bytes.AsSpan(at, Math.Min(random.Next(1, LongestRun), bytes.Length - at));
                random.NextBytes(run);
                done = $"{run.Length} bytes from {at} overwritten";
                break;
            case 2:
                int zeroed = random.Next(pages);
                bytes.AsSpan(zeroed * page, page).Clear();
                done = $"page {zeroed} zeroed";
                break;
            case 3:
                int from = random.Next(pages),
                    to = random.Next(pages);
                bytes.AsSpan(from * page, page).CopyTo(bytes.AsSpan(to * page));
                done = $"page {from} copied over page {to}";
                break;
            default:
                bytes = bytes[..at];
                done = $"cut at {at}";
                break;
        }

        File.WriteAllBytes(file, bytes);
        return done;
    }

    /// <summary>Changes a row of <c>documents.db</c> without updating its checksums, possibly to a value that its schema forbids.</summary>
    /// <returns>A description of the damage.</returns>
    public static string DamageRow(string database, int seed, int rows)
    {
        Random random = new(seed);
        string sql = Rows[seed % Rows.Length];
        long key = random.Next(1, rows + 1);
        using (SqliteConnection connection = Open(database))
        {
            Run(
                connection,
                "pragma writable_schema = on; update sqlite_master set sql = replace(replace(sql, ' not null', ''), ') strict', ')') "
                    + "where name in ('documents', 'vectors', 'changes', 'manifest')"
            );
        }

        using (SqliteConnection connection = Open(database))
            Run(connection, sql.Replace("$key", key.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return $"{sql} (key {key})";
    }

    private static SqliteConnection Open(string database)
    {
        SqliteConnection connection = new($"Data Source={database};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
