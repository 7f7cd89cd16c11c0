using Microsoft.Data.Sqlite;

namespace Sextant.Search.Storage;

/// <summary>
/// All or nothing: what happens before <see cref="Commit"/> is undone when the scope is left without it.
/// (SqliteTransaction would have to be set on every prepared command anew.)
/// </summary>
internal readonly struct WriteTransaction : IDisposable
{
    private readonly SqliteConnection _connection;

    public WriteTransaction(SqliteConnection connection)
    {
        _connection = connection;
        CollectionDatabase.Execute(connection, "begin immediate");
    }

    public void Commit() => CollectionDatabase.Execute(_connection, "commit");

    public void Dispose()
    {
        // SQLite ends the transaction itself on some errors (disk full, I/O), and then there is nothing left to undo.
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0) CollectionDatabase.Execute(_connection, "rollback");
    }
}
