using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Sextant.Tests.Shared.Search;

/// <summary>Changes rows of an embedding cache to what its schema does not allow, the same way for the same seed.</summary>
internal static class CacheDamage
{
    private static readonly string[] Rows =
    [
        "update entries set vector = x'0000c07f' || substr(vector, 5) where id = $id",
        "update entries set vector = substr(vector, 1, 12) where id = $id",
        "update entries set vector = 'text' where id = $id",
        "update entries set vector = null where id = $id",
        "update entries set vector = (select vector from entries where id = $id + 1) where id = $id",
        "update entries set proof = null where id = $id",
        "update entries set proof = 7 where id = $id",
        "update entries set checksum = null where id = $id",
        "update entries set checksum = 'text' where id = $id",
        "update entries set used = 'text' where id = $id",
        "update entries set used = null where id = $id",
        "update entries set model = 77 where id = $id",
        "update entries set key = 'text' where id = $id",
        "delete from models",
        "drop table entries",
        "drop table models",
        "pragma user_version = 99",
    ];

    /// <summary>How many ways there are; seeds that differ by it damage in the same way.</summary>
    public static int Ways => Rows.Length;

    /// <summary>Changes a row, or the schema.</summary>
    /// <returns>A description of the damage.</returns>
    public static string DamageRow(string database, int seed, int rows)
    {
        string sql = Rows[seed % Rows.Length]
            .Replace("$id", new Random(seed).Next(1, rows + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Run(database, "pragma writable_schema = on; update sqlite_master set sql = replace(sql, ' not null', '')");
        Run(database, sql);
        return sql;
    }

    private static void Run(string database, string sql)
    {
        using SqliteConnection connection = new($"Data Source={database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
