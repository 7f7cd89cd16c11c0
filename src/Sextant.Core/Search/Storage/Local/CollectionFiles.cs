using Sextant.Files;
using Sextant.Search.Storage.Sqlite;

namespace Sextant.Search.Storage.Local;

/// <summary>The files of a collection's folder.</summary>
internal sealed class CollectionFiles
{
    private readonly bool _readOnly;

    /// <param name="path">The folder.</param>
    /// <param name="readOnly">Whether nothing is to be written there, even where it could be.</param>
    public CollectionFiles(string path, bool readOnly = false)
    {
        _readOnly = readOnly;
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        // The rest of it is not repeated, because it may hold a password.
        if (path.IndexOf("://", StringComparison.Ordinal) is > 0 and int end)
            throw new InputException($"{path[..end]}:// is not a supported location of a collection; use a folder");
        Name = path;
        Folder = Path.GetFullPath(path);
        if (File.Exists(Folder))
        {
            throw new InputException($"{path} is a file, not a collection; if it is a backup, restore it")
            {
                Remedies = [new Remedy(RemedyAction.RestoreBackup, path)],
            };
        }
    }

    /// <summary>The folder as the user wrote it, for messages.</summary>
    public string Name { get; }

    public string Folder { get; }

    /// <summary>The database, the source of truth.</summary>
    public string Documents => Path.Combine(Folder, SemanticSearchEngine.DocumentsFileName);

    /// <summary>Writes that are not in <see cref="Documents"/> yet.</summary>
    public string Log => Documents + "-wal";

    /// <summary>The graph; can always be made again from <see cref="Documents"/>.</summary>
    public string Index => Path.Combine(Folder, "index.hnsw");

    /// <summary>The graph of vectors that are about to take the place of others; becomes <see cref="Index"/>.</summary>
    public string NextIndex => Path.Combine(Folder, "index.next.hnsw");

    /// <summary>Held locked by the one process that replaces all vectors.</summary>
    public string ReplacementLock => Path.Combine(Folder, "reembed.lock");

    /// <summary>Held locked by the one process that writes.</summary>
    public string Lock => Path.Combine(Folder, "writer.lock");

    /// <summary>The id of the process that holds <see cref="Lock"/>; meaningless if the lock is free.</summary>
    public string LockOwner => Path.Combine(Folder, "writer.pid");

    /// <summary>Whether nothing is to be written there, even where it could be.</summary>
    public bool IsReadOnlyRequested => _readOnly;

    /// <summary>Whether writing is impossible or forbidden, for the database and all other files.</summary>
    public bool IsReadOnly => _readOnly || WriteAccess.IsDenied(Documents);

    /// <summary>The database's current file.</summary>
    /// <exception cref="CollectionRemovedException">It is not there.</exception>
    public FileState State => FileState.Get(Documents) ?? throw CollectionRemovedException.Create(Name);

    /// <exception cref="CollectionReadOnlyException">Nothing can or may be written.</exception>
    public void ThrowIfReadOnly()
    {
        if (_readOnly)
            throw CollectionReadOnlyException.Asked(Name);
        if (IsReadOnly)
            throw CollectionReadOnlyException.Protected(Name);
    }

    /// <summary>
    /// Whether a collection exists or existed: its database appears atomically and before every other file, so other files without it are
    /// the remains of a collection.
    /// </summary>
    public bool Exist => File.Exists(Documents) || Leftovers.Any();

    /// <summary>The names of a collection's files other than its database.</summary>
    public IEnumerable<string> Leftovers =>
        ((string[])[Index, NextIndex, Log, Lock, LockOwner, ReplacementLock]).Where(File.Exists).Select(file => Path.GetFileName(file));

    /// <exception cref="CollectionDamagedException">The database is missing or empty.</exception>
    public void RequireDatabase()
    {
        // SQLite would delete the log of an empty file, so this comes before it is opened.
        if (new FileInfo(Documents) is { Exists: true, Length: > 0 })
            return;
        string[] left = [.. Leftovers];
        throw StorageError.Damaged(
            Documents,
            $"it is {(File.Exists(Documents) ? "empty" : "missing")}"
                + $"{(left.Length == 0 ? "" : $", although {string.Join(", ", left)} {(left.Length == 1 ? "is" : "are")} there")}",
            orElse: "remove the folder to start over"
        );
    }
}
