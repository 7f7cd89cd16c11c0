using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
    /// <summary>What there is to know of the collection.</summary>
    public Task<CollectionInfo> InfoAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _collection.InfoAsync(cancellationToken);
    }

    /// <summary>
    /// Writes a copy of the collection, as it is at this moment, to a new folder. Searching and reading go on meanwhile.
    /// </summary>
    /// <param name="path">A folder that is not there yet, or is empty.</param>
    /// <param name="cancellationToken">Stops, and leaves nothing behind.</param>
    /// <exception cref="InputException">There is something at <paramref name="path"/>.</exception>
    public Task SaveAsAsync(string path, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _collection.SaveAsAsync(path, cancellationToken);
    }

    /// <summary>
    /// Writes all documents, as they are at this moment, to one file, from which <see cref="RestoreAsync"/> brings the collection back.
    /// Searching, reading and writing go on meanwhile.
    /// </summary>
    /// <param name="file">A file that is there already is replaced, once the new one is whole.</param>
    /// <param name="cancellationToken">Stops, and leaves what was there.</param>
    public Task BackupAsync(string file, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _collection.BackupAsync(file, cancellationToken);
    }

    /// <summary>
    /// Brings a collection back from a backup. What is there now is not deleted but kept beside it, as <c>documents.db.before-restore</c>.
    /// </summary>
    /// <param name="backup">A file that <see cref="BackupAsync"/> wrote, or the folder of a collection.</param>
    /// <param name="path">The folder of the collection to bring back; no engine may be writing to it.</param>
    /// <param name="cancellationToken">Stops before anything is changed.</param>
    /// <exception cref="InputException"><paramref name="backup"/> is no backup, or is damaged itself.</exception>
    public static Task RestoreAsync(string backup, string path, CancellationToken cancellationToken = default) =>
        Task.Run(() => CollectionRestore.Run(backup, new(path), cancellationToken), cancellationToken);

    /// <summary>
    /// Gives back the space of deleted documents, on the disk and in the graph, and writes the graph's snapshot.
    /// Searches go on meanwhile; writes wait.
    /// </summary>
    public Task CompactAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _collection.CompactAsync(cancellationToken);
    }

    /// <summary>
    /// Checks everything: the database's structure, each text and vector against its checksum, the full-text table and the graph
    /// against the documents, and how much of the truth the graph finds.
    /// </summary>
    public Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _collection.VerifyAsync(cancellationToken);
    }
}
