using Microsoft.Data.Sqlite;
using Sextant.Embedding;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Local;

/// <summary>Replaces a collection with a backup.</summary>
internal static class CollectionRestore
{
    private const string Suffix = ".before-restore";

    public static void Run(string backup, CollectionFiles target, CancellationToken cancellationToken)
    {
        string source = Directory.Exists(backup) ? new CollectionFiles(backup).Documents : Path.GetFullPath(backup);
        if (!File.Exists(source))
            throw new InputException($"{backup}: no such backup; check the path");
        if (source == target.Documents)
            throw new InputException($"{backup} is the collection itself, not a backup of it");

        bool isNew = !target.Exist;
        Directory.CreateDirectory(target.Folder);
        try
        {
            Replace(source, target, cancellationToken);
        }
        catch when (isNew)
        {
            // Locks without a database would look like a collection that was lost.
            File.Delete(target.Lock);
            File.Delete(target.LockOwner);
            throw;
        }
    }

    private static void Replace(string source, CollectionFiles target, CancellationToken cancellationToken)
    {
        using WriterLock held = WriterLock.Take(target);
        string incoming = target.Documents + ".restoring";
        File.Delete(incoming);
        try
        {
            Copy(source, incoming, cancellationToken);
            using SqliteConnection connection = SqliteFile.Connect(incoming, SqliteOpenMode.ReadWrite);
            CollectionDatabase.MarkGeneration(connection);
        }
        catch
        {
            File.Delete(incoming);
            throw;
        }

        // The old database keeps the log that belongs to it; left in place, that log would be played into the new one.
        foreach (string part in (ReadOnlySpan<string>)["", "-wal", "-shm"])
        {
            if (File.Exists(target.Documents + part))
                File.Move(target.Documents + part, target.Documents + Suffix + part, overwrite: true);
            else
                File.Delete(target.Documents + Suffix + part);
        }

        File.Delete(target.Index);
        File.Move(incoming, target.Documents);
    }

    // A backup may be on a disk that cannot be written.
    private static SqliteConnection OpenSource(string source) =>
        WriteAccess.IsAllowed(source) && WriteAccess.IsAllowed(Path.GetDirectoryName(source)!)
            ? SqliteFile.Connect(source, SqliteOpenMode.ReadWrite)
            : ReadOnlyDatabase.Open(source, out _);

    private static void Copy(string source, string incoming, CancellationToken cancellationToken)
    {
        try
        {
            using SqliteConnection connection = OpenSource(source);
            CollectionDatabase.ReadManifest(connection, source);
            DatabaseCopy.Write(connection, incoming, source, cancellationToken);
            if (CollectionVerifier.Structure(connection, cancellationToken) is [{ } problem, ..])
                throw new InputException($"{source} is damaged too: {problem}; choose another backup");
        }
        catch (CollectionDamagedException e)
        {
            throw new InputException($"{source} is damaged too: {e.Problem}; choose another backup", e);
        }
        catch (SqliteException e)
        {
            throw new InputException($"{source} is not a readable backup ({e.Message}); choose another backup", e);
        }
    }
}
