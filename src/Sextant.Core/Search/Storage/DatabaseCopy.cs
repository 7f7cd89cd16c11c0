using Microsoft.Data.Sqlite;
using Sextant.Embedding;

namespace Sextant.Search.Storage;

/// <summary>Copies a database that may be in use, as it is at one moment, into one file that needs nothing beside it.</summary>
internal static class DatabaseCopy
{
    private const int CantOpen = 14;

    /// <param name="source">The database.</param>
    /// <param name="file">Gets its name when the copy is whole.</param>
    /// <param name="checkedAs">The name of the source, if its documents are to be checked; a damaged copy takes nobody's place.</param>
    /// <param name="cancellationToken">Stops, and leaves what was there.</param>
    /// <exception cref="CollectionDamagedException">A document is not what was written.</exception>
    public static void Write(SqliteConnection source, string file, string? checkedAs, CancellationToken cancellationToken)
    {
        try
        {
            AtomicFile.CreateEntry(file, temporary =>
            {
                using (SqliteConnection copy = SqliteFile.Connect(temporary, SqliteOpenMode.ReadWriteCreate))
                {
                    source.BackupDatabase(copy);
                    // Out of WAL mode, or the copy would need files beside it as soon as it is opened.
                    SqliteFile.Execute(copy, "pragma journal_mode = delete");
                    if (checkedAs is not null) DocumentCheck.Require(copy, new(checkedAs, CollectionFormat.Read(copy)), cancellationToken);
                }

                cancellationToken.ThrowIfCancellationRequested();
                Flush(temporary);
            });
        }
        catch (SqliteException e) when (e.SqliteErrorCode == CantOpen)
        {
            throw new SextantException($"{file} cannot be written: check the permissions of its folder", e);
        }
    }

    public static void Flush(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
