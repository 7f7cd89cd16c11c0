using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sextant.Search.Storage;

/// <summary>
/// All or nothing: what happens before <see cref="Commit"/> is undone when the scope is left without it.
/// (SqliteTransaction would have to be set on every prepared command anew.)
/// </summary>
internal readonly struct WriteTransaction : IDisposable
{
    private const int LongestPause = 16;

    /// <summary>A move to another model may embed some last texts while it holds the database.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SqliteConnection _connection;
    private readonly Action? _beforeCommit;

    /// <param name="connection">The connection that writes.</param>
    /// <param name="beforeCommit">Throws when what was written must not be kept.</param>
    public WriteTransaction(SqliteConnection connection, Action? beforeCommit = null)
    {
        _connection = connection;
        _beforeCommit = beforeCommit;
        long began = Stopwatch.GetTimestamp();
        // Who waits for a database stands in no queue: only who asks often gets in between two writes of somebody busy.
        for (int pause = 1; raw.sqlite3_exec(connection.Handle, "begin immediate") is var code and not raw.SQLITE_OK; pause = Math.Min(2 * pause, LongestPause))
        {
            if (code != raw.SQLITE_BUSY || Stopwatch.GetElapsedTime(began) > Patience) SqliteException.ThrowExceptionForRC(code, connection.Handle);
            Thread.Sleep(pause);
        }
    }

    public void Commit()
    {
        _beforeCommit?.Invoke();
        CollectionDatabase.Execute(_connection, "commit");
    }

    public void Dispose()
    {
        // SQLite ends the transaction itself on some errors (disk full, I/O), and then there is nothing left to undo.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) CollectionDatabase.Execute(_connection, "rollback");
    }
}
