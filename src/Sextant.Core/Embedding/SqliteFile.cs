using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Sextant.Embedding;

/// <summary>What every SQLite file of ours has in common: how it is opened, and statements that give nothing or one number.</summary>
internal static class SqliteFile
{
    /// <summary>Opens a file, or throws and leaves nothing open.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mode">The access mode.</param>
    /// <param name="busySeconds">How long a statement waits for another writer; the library's 30 when <see langword="null"/>.</param>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static SqliteConnection Connect(string file, SqliteOpenMode mode, int? busySeconds = null)
    {
        SqliteConnectionStringBuilder text = new()
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
        };
        if (busySeconds is { } seconds)
            text.DefaultTimeout = seconds;
        SqliteConnection connection = new(text.ToString());
        try
        {
            connection.Open();
            // SQLite's own waiting begins at a millisecond; the library's around it sleeps for 150 at a time.
            if (busySeconds is { } wait)
                Execute(connection, string.Create(CultureInfo.InvariantCulture, $"pragma busy_timeout = {wait * 1000}"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that give no rows.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are constants of the files that pass them.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a query gives; 0 when it gives no row.</summary>
    public static long Scalar(SqliteConnection connection, string sql) => ScalarOrNull(connection, sql) ?? 0;

    /// <summary>The number that a query gives, or <see langword="null"/> when it gives no row.</summary>
    public static long? ScalarOrNull(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as long?;
    }
}
