using Sextant.Index;
using Sextant.Search;
using Sextant.Search.Storage;
using Sextant.Search.Storage.Local;

namespace Sextant;

/// <summary>
/// Maintains a collection: copies and backups, checks and repairs, compaction, and moving it to another model.
/// </summary>
/// <remarks>Thread-safe; valid for the lifetime of its engine.</remarks>
public sealed partial class CollectionMaintenance
{
    private readonly SemanticSearchEngine _engine;
    private readonly CollectionStore _collection;

    internal CollectionMaintenance(SemanticSearchEngine engine) => (_engine, _collection) = (engine, engine.Store);

    /// <summary>
    /// Writes a snapshot of the collection to a new folder. Searches and reads continue during the copy.
    /// </summary>
    /// <param name="path">A folder that does not exist or is empty.</param>
    /// <param name="cancellationToken">Cancels, and leaves nothing behind.</param>
    /// <exception cref="InputException"><paramref name="path"/> exists and is not empty.</exception>
    public Task SaveAsAsync(string path, CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        return _collection.SaveAsAsync(path, cancellationToken);
    }

    /// <summary>
    /// Copies the collection between folders and databases, in any direction. Does not call the model. An interrupted copy resumes where it
    /// stopped. At the end the documents are counted, and a sample is compared.
    /// </summary>
    /// <param name="location">A folder or location that is new or holds an unfinished copy of this collection.</param>
    /// <param name="progress">Receives a report after each batch.</param>
    /// <param name="cancellationToken">Cancels after the current batch is written.</param>
    /// <exception cref="InputException">The target holds a collection of another model.</exception>
    /// <exception cref="SextantException">The copy differs from the source; the message names the difference.</exception>
    public async Task<CopyResult> CopyToAsync(
        string location,
        IProgress<CopyProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        _engine.ThrowIfDisposed();
        CollectionLocation destination = CollectionLocation.Resolve(location, _engine.Options.CollectionProviders);
        CollectionStore target = await OpenTargetAsync(destination, cancellationToken).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
            return await new CollectionCopier(_collection, target).RunAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes a snapshot of all documents to one file, from which <see cref="RestoreAsync"/> restores the collection. Searches, reads and
    /// writes continue during the backup.
    /// </summary>
    /// <param name="file">An existing file is replaced once the new one is complete.</param>
    /// <param name="cancellationToken">Cancels, and leaves an existing file unchanged.</param>
    public Task BackupAsync(string file, CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        return _collection.BackupAsync(file, cancellationToken);
    }

    /// <summary>
    /// Restores a collection from a backup. The current database is kept next to it as <c>documents.db.before-restore</c>.
    /// </summary>
    /// <param name="backup">A file that <see cref="BackupAsync"/> wrote, or the folder of a collection.</param>
    /// <param name="location">The folder of the collection to restore; no engine may be writing to it.</param>
    /// <param name="cancellationToken">Cancels before any change.</param>
    /// <exception cref="InputException"><paramref name="backup"/> is not a backup, or is damaged.</exception>
    public static Task RestoreAsync(string backup, string location, CancellationToken cancellationToken = default) =>
        Task.Run(() => CollectionRestore.Run(backup, new(location), cancellationToken), cancellationToken);

    /// <summary>
    /// Reclaims the space of deleted documents, on disk and in the graph, and writes the graph's snapshot. Searches continue; writes wait.
    /// </summary>
    public Task CompactAsync(CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfReadOnly();
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
    /// Checks the documents of a collection in a folder that is too damaged to open: the database's structure, and each text, metadata and
    /// vector against its checksum.
    /// </summary>
    /// <param name="location">The folder.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="SextantException">The folder is too damaged to read, or is not a collection.</exception>
    public static Task<CollectionVerification> VerifyAsync(string location, CancellationToken cancellationToken = default) =>
        LocalCollection.VerifyWithoutGraphAsync(new(location), cancellationToken);

    /// <summary>Reads the index and the documents of a collection in a folder in one state. Writes wait; searches do not.</summary>
    /// <param name="read">Reads; the graph is not usable afterward.</param>
    /// <param name="cancellationToken">Stops before reading.</param>
    /// <exception cref="InputException">The collection is not in a folder.</exception>
    public Task<T> ReadGraphAsync<T>(Func<CollectionGraph, T> read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        _engine.ThrowIfDisposed();
        return _engine.Collection.WhileStillAsync((reader, index) => read(new(reader, index)), cancellationToken);
    }

    /// <summary>Creates a collection in a folder from documents whose index exists already; nothing is embedded or built.</summary>
    /// <param name="location">A folder that does not exist yet, or is empty.</param>
    /// <param name="documents">The documents with their vectors, in the order of the graph's nodes. No id comes twice.</param>
    /// <param name="graph">The graph, built by cosine or over vectors of length 1.</param>
    /// <param name="model">The model of the vectors.</param>
    /// <param name="options">Index and dimensions of the collection; <see cref="HnswOptions.M"/> must be at least that of the
    /// graph.</param>
    /// <param name="cancellationToken">Stops, and leaves nothing behind.</param>
    /// <returns>The number of documents.</returns>
    /// <exception cref="InputException">The folder is not empty, a document has no vector of the model's dimensions, or an id comes
    /// twice.</exception>
    public static Task<int> CreateFromGraphAsync(
        string location,
        IEnumerable<Document> documents,
        HnswGraph graph,
        CollectionModel model,
        SemanticSearchEngineOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(model);
        Manifest manifest = SemanticSearchEngine.NewManifest(model.Profile, options ?? new());
        return Task.Run(
            () =>
                LocalCollection.CreateWithGraph(
                    new(location),
                    manifest,
                    documents.Select(document => SemanticSearchEngine.Incoming(document, manifest)),
                    graph,
                    cancellationToken
                ),
            cancellationToken
        );
    }

    /// <summary>Throws when another process, or another engine of this one, is writing to the collection in a folder.</summary>
    /// <param name="location">The folder.</param>
    /// <exception cref="CollectionBusyException">The collection is being written.</exception>
    public static void ThrowIfBusy(string location) => WriterLock.Take(new(location)).Dispose();

    private async Task<CollectionStore> OpenTargetAsync(CollectionLocation destination, CancellationToken cancellationToken)
    {
        try
        {
            Manifest? manifest = await destination.ReadManifestAsync(cancellationToken).ConfigureAwait(false);
            if (manifest is null)
            {
                await destination.CreateAsync(_collection.Manifest, cancellationToken).ConfigureAwait(false);
                manifest = (await destination.ReadManifestAsync(cancellationToken).ConfigureAwait(false))!;
            }

            if (manifest.Fingerprint != _collection.Manifest.Fingerprint)
            {
                throw new InputException(
                    $"{destination.Name} was created with {manifest.Model.Name} ({manifest.Fingerprint}) and {_engine.Location} with "
                        + $"{_engine.Model.Name} "
                        + $"({_collection.Manifest.Fingerprint}), whose vectors are not comparable: copy to another location"
                );
            }

            if (manifest.Metric != _collection.Manifest.Metric)
                throw SemanticSearchEngine.OtherMetric(destination.Name, manifest.Metric, _collection.Manifest.Metric);
            return await destination.OpenAsync(manifest, _engine.Options.CreateLogger(), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await destination.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
