using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Keywords;

/// <summary>
/// The full-text table <c>bigrams</c>: pairs of characters from texts in scripts without spaces. It has a row for each document that holds
/// such a text, and none for the others.
/// </summary>
internal static class BigramTable
{
    /// <summary>Adds the table to a database of an earlier format, and fills it. Part of the caller's transaction.</summary>
    public static void Add(SqliteConnection connection)
    {
        // The words arrive cut and folded; this tokenizer leaves everything beyond ASCII unchanged. The texts are not stored again.
        SqliteFile.Execute(
            connection,
            "create virtual table bigrams using fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii')"
        );
        Fill(connection);
    }

    /// <summary>Rebuilds the table from the texts and reclaims its unused space.</summary>
    public static void Rebuild(SqliteConnection connection)
    {
        using WriteTransaction transaction = new(connection);
        SqliteFile.Execute(connection, "insert into bigrams (bigrams) values ('delete-all')");
        Fill(connection);
        SqliteFile.Execute(connection, "insert into bigrams (bigrams) values ('optimize')");
        transaction.Commit();
    }

    /// <summary>The problem with the table; <see langword="null"/> if it matches the documents.</summary>
    public static string? FindDamage(SqliteConnection connection)
    {
        if (!Exists(connection))
            return null;
        SqliteFile.Execute(connection, "insert into bigrams (bigrams) values ('integrity-check')");
        using SqliteCommand read = connection.CreateCommand();
        read.CommandText = "select d.text, b.rowid is not null from documents d left join (select rowid from bigrams) b on b.rowid = d.key";
        using SqliteDataReader row = read.ExecuteReader();
        while (row.Read())
        {
            if (!row.IsDBNull(0) && Words(row.GetString(0)) is not null != row.GetBoolean(1))
                return "the table of bigrams has a missing or extra document";
        }

        return null;
    }

    private static void Fill(SqliteConnection connection)
    {
        using SqliteCommand read = connection.CreateCommand(),
            insert = connection.CreateCommand();
        read.CommandText = "select key, text from documents";
        insert.CommandText = "insert into bigrams (rowid, words) values ($key, $words)";
        SqliteParameter key = insert.Parameters.Add("$key", SqliteType.Integer),
            words = insert.Parameters.Add("$words", SqliteType.Text);
        using SqliteDataReader row = read.ExecuteReader();
        while (row.Read())
        {
            if (row.IsDBNull(1) || Words(row.GetString(1)) is not { } found)
                continue;
            (key.Value, words.Value) = (row.GetInt64(0), found);
            insert.ExecuteNonQuery();
        }
    }

    public static bool Exists(SqliteConnection connection) =>
        SqliteFile.ScalarOrNull(connection, "select 1 from sqlite_master where name = 'bigrams'") is not null;

    /// <summary>What the table holds for a text; <see langword="null"/> where it has no row for it.</summary>
    public static string? Words(string text) => string.Join(' ', KeywordAnalyzer.Unspaced(text)) is { Length: > 0 } words ? words : null;
}
