using Microsoft.Data.Sqlite;

namespace Sextant.Search.Storage;

/// <summary>Copies a database that may be in use, as it is at one moment, into one file that needs nothing beside it.</summary>
internal static class DatabaseCopy
{
    public static void Write(SqliteConnection source, string file, CancellationToken cancellationToken)
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
            }

            cancellationToken.ThrowIfCancellationRequested();
            Flush(temporary);
            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            foreach (string left in Directory.EnumerateFiles(directory, Path.GetFileName(temporary) + "*")) File.Delete(left);
            throw;
        }
    }

    public static void Flush(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
