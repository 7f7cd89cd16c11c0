using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Search.Storage.Documents;

namespace Sextant.Search.Storage.Sqlite;

/// <summary>Copies a snapshot of a database that may be in use into one self-contained file.</summary>
internal static class DatabaseCopy
{
    private const int CantOpen = 14;

    /// <param name="source">The database.</param>
    /// <param name="file">The target; it appears under this name when the copy is complete.</param>
    /// <param name="checkedAs">The name of the source, if its documents are to be checked; a damaged copy never replaces a file.</param>
    /// <param name="cancellationToken">Cancels, and leaves an existing file unchanged.</param>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public static void Write(SqliteConnection source, string file, string? checkedAs, CancellationToken cancellationToken)
    {
        try
        {
            AtomicFile.CreateEntry(
                file,
                temporary =>
                {
                    using (SqliteConnection copy = SqliteFile.Connect(temporary, SqliteOpenMode.ReadWriteCreate))
                    {
                        source.BackupDatabase(copy);
                        // Not in WAL mode, or opening the copy would create additional files.
                        SqliteFile.Execute(copy, "pragma journal_mode = delete");
                        if (checkedAs is not null)
                            DocumentCheck.Require(copy, new(checkedAs, CollectionFormat.Read(copy)), cancellationToken);
                    }

                    cancellationToken.ThrowIfCancellationRequested();
                    Flush(temporary);
                }
            );
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
