using System.Runtime.CompilerServices;

namespace Sextant.Search.Storage;

/// <summary>
/// An open collection in any storage: the operations that the engine needs on documents, vectors and words. Thread-safe. A write that has
/// returned is durable and visible to searches; one that throws has changed nothing.
/// </summary>
/// <remarks>
/// <para>
/// A document and its vector are read in one state: by one statement or within one transaction. Concurrently deleted documents are left
/// out, and no document is returned without its vector or with the vector of another text. The documents of one call are of one state; a
/// later call may see a later one. If a store sets <see cref="StoredDocument.Space"/>, it is of the same state.
/// </para>
/// <para>
/// Reads return exactly the data written: a store that is not a database with its own checks verifies texts, metadata and vectors when it
/// reads them, and throws <see cref="CollectionDamagedException"/>. A vector that holds NaN or infinity is never returned.
/// </para>
/// </remarks>
internal abstract class CollectionStore : IAsyncDisposable
{
    /// <summary>The name of the collection in messages; it never holds a password.</summary>
    public abstract string Name { get; }

    public abstract Manifest Manifest { get; }

    /// <summary>Notices for the user about opening the collection, in order.</summary>
    public virtual IReadOnlyList<string> Notices => [];

    /// <summary>
    /// The best documents for <paramref name="query"/>, best first; ties in the order in which documents were first added. Each score
    /// belongs to the returned version of the text. Vectors are included where they are read anyway.
    /// </summary>
    public abstract Task<List<CollectionHit>> SearchAsync(CollectionQuery query, CancellationToken cancellationToken);

    /// <summary>The document with this id and its vector, or <see langword="null"/>.</summary>
    public abstract Task<StoredDocument?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The vector of the document with this id, or <see langword="null"/>.</summary>
    public abstract Task<float[]?> FindVectorAsync(string id, CancellationToken cancellationToken);

    /// <summary>The stored state of each of <paramref name="ids"/>; <see langword="null"/> for those that are not there.</summary>
    public abstract Task<StoredState?[]> FindStatesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <exception cref="CollectionReadOnlyException">Nothing can or may be written.</exception>
    public virtual void RequireWritable() { }

    /// <summary>
    /// Names what the documents are kept in, so that it is another when the collection was restored, replaced or made again;
    /// <see langword="null"/> where the place cannot say.
    /// </summary>
    public virtual Task<string?> IncarnationAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>
    /// Names the state of the documents, so that it is another when anything was written; <see langword="null"/> where the place cannot
    /// say.
    /// </summary>
    public virtual Task<string?> StateAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public abstract Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Documents with their vectors in the order in which they were first added, from after <paramref name="afterKey"/> (0: from the
    /// first).
    /// </summary>
    public abstract Task<List<StoredDocument>> ReadAsync(long afterKey, int limit, CancellationToken cancellationToken);

    /// <summary>The highest key of all documents; 0 for an empty collection.</summary>
    public abstract Task<long> LastKeyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All documents with their vectors in that order, in batches that are each of one state. A document that is deleted and added again
    /// during the listing has a new key; documents added after the first batch are left out, so that none is listed twice.
    /// </summary>
    public virtual async IAsyncEnumerable<List<StoredDocument>> ListAsync(int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long after = 0, last = await LastKeyAsync(cancellationToken).ConfigureAwait(false);
        while (after < last && await ReadAsync(after, batchSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            after = batch[^1].Key;
            batch.RemoveAll(document => document.Key > last);
            if (batch.Count > 0) yield return batch;
        }
    }

    /// <summary>
    /// Checks all documents before a response starts that can no longer become an error. Does nothing in a database with its own checks.
    /// </summary>
    /// <exception cref="CollectionDamagedException">A document is damaged.</exception>
    public virtual Task RequireSoundAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// The ids of the documents from one file, or from any file of one folder, that <paramref name="wanted"/> accepts by id and source.
    /// </summary>
    public abstract Task<List<string>> FromSourceAsync(string source, Func<string, string, bool> wanted, CancellationToken cancellationToken);

    /// <summary>Adds or replaces documents by id, all or nothing. Ids must be unique.</summary>
    /// <returns>
    /// The effect on each document; or <see langword="null"/>, with nothing written, if a document comes without a vector and the stored
    /// text whose vector it was to keep has changed in between; the caller then plans again.
    /// </returns>
    public abstract Task<WriteEffect[]?> UpsertAsync(IReadOnlyList<IncomingDocument> documents, CancellationToken cancellationToken);

    /// <summary>Removes documents by id, all or nothing, and returns the number of documents removed.</summary>
    public abstract Task<int> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>A run of many writes begins: what can wait for its end may be put off.</summary>
    public virtual void BeginRun() { }

    /// <summary>Does the work that a series of writes has deferred for speed.</summary>
    public virtual Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Picks up a move to another model by another process; otherwise the next search or write does.</summary>
    public virtual Task FollowAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Starts or resumes replacing all vectors with those of another model.</summary>
    /// <exception cref="InputException">
    /// The store does not support it; another replacement is unfinished; the previous vectors are still kept; or another process is
    /// replacing them.
    /// </exception>
    public virtual Task<VectorReplacement> ReplaceVectorsAsync(Manifest next, CancellationToken cancellationToken) => throw NoReplacement();

    /// <summary>Starts or resumes restoring the vectors that the last replacement kept.</summary>
    /// <exception cref="InputException">No such vectors exist, or another process is replacing them.</exception>
    public virtual Task<VectorReplacement> RestoreVectorsAsync(CancellationToken cancellationToken) => throw NoReplacement();

    /// <summary>Drops the vectors that the last replacement kept, or those of an unfinished one.</summary>
    /// <exception cref="InputException">No such vectors exist, or another process is replacing them.</exception>
    public virtual Task DropVectorsAsync(VectorRole role, CancellationToken cancellationToken) => throw NoReplacement();

    /// <summary>Texts that a replacement would still have to embed, from after <paramref name="afterKey"/> on in their order.</summary>
    public virtual Task<List<PendingText>> PendingAsync(VectorRole role, long afterKey, int limit, CancellationToken cancellationToken) => throw NoReplacement();

    public abstract Task<CollectionInfo> InfoAsync(CancellationToken cancellationToken);

    public abstract Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Measures the recall of the index with its current search settings.</summary>
    /// <exception cref="InputException">The store has no index to measure.</exception>
    public virtual Task<RecallReport> MeasureRecallAsync(int k, int samples, CancellationToken cancellationToken) => throw NoIndex();

    /// <summary>Finds the least number of candidates that gives this recall, and has all searches keep as many from now on.</summary>
    /// <exception cref="InputException">The place has no index that could be tuned, or holds too little.</exception>
    public virtual Task<RecallReport> TuneAsync(double target, int k, int samples, CancellationToken cancellationToken) => throw NoIndex();

    /// <summary>Repairs the index if needed.</summary>
    /// <returns>One sentence per repair; empty if the index needed none.</returns>
    /// <exception cref="InputException">The store has no index to repair.</exception>
    public virtual Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken) => throw NoIndex();

    public abstract Task CompactAsync(CancellationToken cancellationToken);

    /// <exception cref="InputException">The place has its own tools for this.</exception>
    public virtual Task BackupAsync(string file, CancellationToken cancellationToken) => throw OwnTools("backed up");

    /// <exception cref="InputException">The place has its own tools for this.</exception>
    public virtual Task SaveAsAsync(string path, CancellationToken cancellationToken) => throw OwnTools("saved as a folder");

    public abstract ValueTask DisposeAsync();

    private InputException NoReplacement() => new(
        $"{Name} cannot change its model: index the sources again into another collection, or copy it into a folder or PostgreSQL first");

    private InputException NoIndex() => new(
        $"{Name} keeps its index to itself, so it cannot be measured, tuned or repaired from here: copy the collection into a folder or PostgreSQL first");

    private InputException OwnTools(string what) => new(
        $"{Name} is not in a folder, so it is not {what} from here: use the tools of its database, or copy it into a folder first");
}
