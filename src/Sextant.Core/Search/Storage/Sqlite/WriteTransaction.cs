using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using SQLitePCL;

namespace Sextant.Search.Storage.Sqlite;

/// <summary>
/// All or nothing: leaving the scope without <see cref="Commit"/> rolls everything back. (SqliteTransaction would have to be set on every
/// prepared command each time.)
/// </summary>
internal readonly struct WriteTransaction : IDisposable
{
    /// <summary>A move to another model may embed some last texts while it holds the database.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // SQLite has no queue of waiting threads: only frequent polling gets in between two writes of a busy writer.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2),
        LongestPause = TimeSpan.FromMilliseconds(16);

    private readonly SqliteConnection _connection;
    private readonly Action? _beforeCommit;

    /// <param name="connection">The connection that writes.</param>
    /// <param name="beforeCommit">Throws if the transaction must not be committed.</param>
    public WriteTransaction(SqliteConnection connection, Action? beforeCommit = null)
    {
        _connection = connection;
        _beforeCommit = beforeCommit;
        Backoff backoff = new(FirstPause, LongestPause);
        for (int failures = 1; raw.sqlite3_exec(connection.Handle, "begin immediate") is var code and not raw.SQLITE_OK; failures++)
        {
            if (code != raw.SQLITE_BUSY || backoff.Elapsed > Patience)
                SqliteException.ThrowExceptionForRC(code, connection.Handle);
            Thread.Sleep(backoff.After(failures));
        }
    }

    public void Commit()
    {
        _beforeCommit?.Invoke();
        SqliteFile.Execute(_connection, "commit");
    }

    public void Dispose()
    {
        // SQLite ends the transaction itself on some errors (disk full, I/O), and then there is nothing left to undo.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            SqliteFile.Execute(_connection, "rollback");
    }
}
