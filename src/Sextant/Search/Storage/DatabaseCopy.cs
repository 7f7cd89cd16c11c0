using Microsoft.Data.Sqlite;

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
        string directory = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(directory);
        string temporary = Path.Combine(directory, $".{Path.GetFileName(file)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (SqliteConnection copy = CollectionDatabase.Connect(temporary, SqliteOpenMode.ReadWriteCreate))
            {
                source.BackupDatabase(copy);
                // Out of WAL mode, or the copy would need files beside it as soon as it is opened.
                CollectionDatabase.Execute(copy, "pragma journal_mode = delete");
                if (checkedAs is not null) DocumentCheck.Require(copy, new(checkedAs, CollectionFormat.Read(copy)), cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            Flush(temporary);
            File.Move(temporary, file, overwrite: true);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == CantOpen)
        {
            throw new SextantException($"{file} cannot be written: check the permissions of its folder", e);
        }
        catch (Exception e)
        {
            foreach (string left in Directory.EnumerateFiles(directory, Path.GetFileName(temporary) + "*")) File.Delete(left);
            if (WriteFailure.Naming(file, temporary, e) is { } better) throw better;
            throw;
        }
    }

    public static void Flush(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
