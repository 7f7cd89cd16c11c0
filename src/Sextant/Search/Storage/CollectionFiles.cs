namespace Sextant.Search.Storage;

/// <summary>The files of a collection's folder.</summary>
internal sealed class CollectionFiles
{
    public CollectionFiles(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        // The rest of it is not repeated, because it may hold a password.
        if (path.IndexOf("://", StringComparison.Ordinal) is > 0 and int end)
            throw new InputException($"{path[..end]}:// is no place for a collection that is known here; give a folder");
        Name = path;
        Folder = Path.GetFullPath(path);
        if (File.Exists(Folder))
            throw new InputException($"{path} is a file; a collection is a folder (to restore a backup: sextant collection restore)");
    }

    /// <summary>The folder as the user wrote it, for messages.</summary>
    public string Name { get; }

    public string Folder { get; }

    /// <summary>What is stored; the truth.</summary>
    public string Documents => Path.Combine(Folder, "documents.db");

    /// <summary>The graph; can always be made again from <see cref="Documents"/>.</summary>
    public string Index => Path.Combine(Folder, "index.hnsw");

    /// <summary>The graph of vectors that are about to take the place of others; becomes <see cref="Index"/>.</summary>
    public string NextIndex => Path.Combine(Folder, "index.next.hnsw");

    /// <summary>Held locked by the one process that replaces all vectors.</summary>
    public string ReplacementLock => Path.Combine(Folder, "reembed.lock");

    /// <summary>Held locked by the one process that writes.</summary>
    public string Lock => Path.Combine(Folder, "writer.lock");

    /// <summary>The number of the process that holds <see cref="Lock"/>; meaningless when nobody does.</summary>
    public string LockOwner => Path.Combine(Folder, "writer.pid");

    /// <summary>Whether a collection is there. An empty database is what an interrupted creation leaves: no collection yet.</summary>
    public bool Exist => new FileInfo(Documents) is { Exists: true, Length: > 0 };
}
