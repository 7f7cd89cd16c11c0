using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Search.Storage.Documents;

namespace Sextant.Search.Storage.Sqlite;

/// <summary>
/// Opens a database without writing anything, not even the bookkeeping of its log, with or without concurrent writers.
/// </summary>
/// <remarks>
/// A live writer keeps a log and its shared index next to the database; the reader takes part with read locks only. A log without an index
/// was left by a crash or a copy; SQLite reads it with an index in private memory, but only without locks. Without a log there is only the
/// file. The last two cases assume that no process writes: <see cref="DocumentReader.IsUndisturbed"/> checks.
/// </remarks>
internal static class ReadOnlyDatabase
{
    private const int Attempts = 20;

    /// <param name="file">The database's file.</param>
    /// <param name="alone">Whether reads are correct only while no process writes.</param>
    public static SqliteConnection Open(string file, out bool alone)
    {
        for (int attempt = 1; ; attempt++)
        {
            bool log = new FileInfo(file + "-wal") is { Exists: true, Length: > 0 },
                shared = File.Exists(file + "-shm");
            alone = !(log && shared) && !File.Exists(file + "-journal");
            string how =
                !alone ? "readonly_shm=1"
                : log ? $"vfs={(OperatingSystem.IsWindows() ? "win32-none" : "unix-none")}"
                : "immutable=1";
            SqliteConnection connection = SqliteFile.Connect($"file:{Escape(file)}?mode=ro&{how}", SqliteOpenMode.ReadOnly);
            try
            {
                if (alone && log)
                    SqliteFile.Execute(connection, "pragma locking_mode = exclusive");
                // The log is opened by the first read.
                SqliteFile.Execute(connection, "select count(*) from sqlite_master");
                return connection;
            }
            catch (SqliteException) when (attempt < Attempts && Changed(file, log, shared))
            {
                // A writer came or went in between.
                connection.Dispose();
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    private static bool Changed(string file, bool log, bool shared) =>
        log != new FileInfo(file + "-wal") is { Exists: true, Length: > 0 } || shared != File.Exists(file + "-shm");

    private static string Escape(string file)
    {
        string path = file.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("?", "%3f", StringComparison.Ordinal)
            .Replace("#", "%23", StringComparison.Ordinal);
        return OperatingSystem.IsWindows() ? "/" + path.Replace('\\', '/') : path;
    }
}
