using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant;

/// <summary>
/// Looks after a collection: copies and backups, checks and repairs, compaction, and moving it to another model.
/// </summary>
/// <remarks>Thread-safe, and usable for as long as its engine.</remarks>
public sealed partial class CollectionMaintenance
{
    private readonly SemanticSearchEngine _engine;
    private readonly CollectionStore _collection;

    internal CollectionMaintenance(SemanticSearchEngine engine) => (_engine, _collection) = (engine, engine.Store);

    /// <summary>
    /// Writes a copy of the collection, as it is at this moment, to a new folder. Searching and reading go on meanwhile.
    /// </summary>
    /// <param name="path">A folder that is not there yet, or is empty.</param>
    /// <param name="cancellationToken">Stops, and leaves nothing behind.</param>
    /// <exception cref="InputException">There is something at <paramref name="path"/>.</exception>
    public Task SaveAsAsync(string path, CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        return _collection.SaveAsAsync(path, cancellationToken);
    }

    /// <summary>
    /// Copies the collection to another place: from a folder into a database, from there into a folder, or between two of a kind. The model
    /// is not asked. A copy that was interrupted goes on where it stopped, and what was copied is counted and a sample of it compared.
    /// </summary>
    /// <param name="location">A folder or a location, new or with an unfinished copy of this collection.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="cancellationToken">Stops after the batch that is being written.</param>
    /// <exception cref="InputException">A collection of another model is there.</exception>
    /// <exception cref="SextantException">The two do not agree in the end; the message says where.</exception>
    public async Task<CopyResult> CopyToAsync(
        string location, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        CollectionPlace place = CollectionPlace.Of(location, _engine.Options.Collections);
        CollectionStore target = await OpenTargetAsync(place, cancellationToken).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
            return await new CollectionCopier(_collection, target).RunAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes all documents, as they are at this moment, to one file, from which <see cref="RestoreAsync"/> brings the collection back.
    /// Searching, reading and writing go on meanwhile.
    /// </summary>
    /// <param name="file">A file that is there already is replaced, once the new one is whole.</param>
    /// <param name="cancellationToken">Stops, and leaves what was there.</param>
    public Task BackupAsync(string file, CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
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
        _engine.RequireWritable();
        return _collection.CompactAsync(cancellationToken);
    }

    /// <summary>
    /// Checks everything: the database's structure, each text and vector against its checksum, the full-text table and the graph
    /// against the documents, and how much of the truth the graph finds.
    /// </summary>
    public Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        return _collection.VerifyAsync(cancellationToken);
    }

    /// <summary>
    /// Checks the documents of a collection in a folder that is too damaged to be opened: the database's structure, and each text, its
    /// metadata and its vector against their checksums.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="SextantException">It is so damaged that nothing in it can be read, or is no collection.</exception>
    public static Task<CollectionVerification> VerifyAsync(string path, CancellationToken cancellationToken = default) =>
        LocalCollection.VerifyWithoutGraphAsync(new(path), cancellationToken);

    private async Task<CollectionStore> OpenTargetAsync(CollectionPlace place, CancellationToken cancellationToken)
    {
        try
        {
            Manifest? manifest = await place.ReadManifestAsync(cancellationToken).ConfigureAwait(false);
            if (manifest is null)
            {
                await place.CreateAsync(_collection.Manifest, cancellationToken).ConfigureAwait(false);
                manifest = (await place.ReadManifestAsync(cancellationToken).ConfigureAwait(false))!;
            }

            if (manifest.Fingerprint != _collection.Manifest.Fingerprint)
            {
                throw new InputException($"{place.Name} was made with {manifest.Model.Name} ({manifest.Fingerprint}) and {_engine.Path} with {_engine.Model.Name} "
                    + $"({_collection.Manifest.Fingerprint}), whose vectors do not compare: copy to another place");
            }

            return await place.OpenAsync(manifest, _engine.Options.Logger ?? NullLogger.Instance, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await place.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
