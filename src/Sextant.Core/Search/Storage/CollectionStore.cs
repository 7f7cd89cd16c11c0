using System.Runtime.CompilerServices;
using Sextant.Search.Facets;
using Sextant.Search.Filters;

namespace Sextant.Search.Storage;

/// <summary>
/// An open collection, wherever it is stored: what <see cref="SemanticSearchEngine"/> asks of the place that keeps documents, vectors and
/// words.
/// </summary>
/// <remarks>
/// <para>Implementations are thread-safe. A write that has returned is stored and will be found; one that throws has changed
/// nothing.</para>
/// <para>
/// A document and its vector are read in one state: by one statement or within one transaction. A document that is deleted during the call
/// is
/// skipped; none is returned with the vector of another text, or without its vector. The documents of one call are of one state; a
/// later call may see a later one. <see cref="StoredDocument.ModelFingerprint"/> is of the same state where the store says it.
/// </para>
/// <para>
/// Documents are returned exactly as written: a store that is not a database with checksums verifies texts, metadata and vectors when it
/// reads them, and throws <see cref="CollectionDamagedException"/>. A vector that holds NaN or infinity is never returned.
/// </para>
/// <para>
/// The virtual members are optional; their defaults do nothing, or throw an <see cref="InputException"/> that says what the store cannot
/// do.
/// Members that are added later have a default too.
/// </para>
/// </remarks>
public abstract partial class CollectionStore : IAsyncDisposable
{
    private const int FacetBatch = 1_000;

    /// <summary>The name for messages; it never contains a password.</summary>
    public abstract string Name { get; }

    /// <summary>The current manifest; it changes with a move to another model.</summary>
    public abstract Manifest Manifest { get; }

    /// <summary>Warnings about opening the collection, in order.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>
    /// Whether documents are stored in a folder of this machine, so that the paths of their sources are paths of this machine.
    /// </summary>
    public virtual bool IsLocal => false;

    /// <summary>Searches for the best documents.</summary>
    /// <param name="query">The query.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>
    /// The hits, best first; equal ones in the order in which documents were first added. Each score is that of the text of the same hit.
    /// Vectors are
    /// included where they are read anyway.
    /// </returns>
    /// <exception cref="ModelChangedException">The vector of the query is not of the collection's model.</exception>
    public abstract Task<IReadOnlyList<CollectionHit>> SearchAsync(CollectionQuery query, CancellationToken cancellationToken);

    /// <summary>Counts the values of fields in the documents that match a filter, exactly.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="filter">A condition; all documents when <see langword="null"/>.</param>
    /// <param name="limit">The most values of each field.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The values of each field, in the order of <paramref name="fields"/>. By default all documents are read for it.</returns>
    public virtual async Task<IReadOnlyList<Facet>> GetFacetsAsync(
        IReadOnlyList<FieldPath> fields,
        FilterExpression? filter,
        int limit,
        CancellationToken cancellationToken
    )
    {
        FacetCounter counter = new(fields);
        await foreach (IReadOnlyList<StoredDocument> batch in ListAsync(FacetBatch, cancellationToken).ConfigureAwait(false))
        {
            foreach (StoredDocument document in batch)
            {
                if (filter is null || FilterEvaluator.Matches(filter, MetadataJson.Parse(document.Metadata)))
                    counter.Add(document.Metadata);
            }
        }

        return counter.Read(limit);
    }

    /// <summary>The document with this id and its vector; <see langword="null"/> for an unknown id.</summary>
    public abstract Task<StoredDocument?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The vector of the document with this id; <see langword="null"/> for an unknown id.</summary>
    public abstract Task<float[]?> FindVectorAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// The stored state of each of <paramref name="ids"/>, in their order; <see langword="null"/> for those that are not there.
    /// </summary>
    public abstract Task<IReadOnlyList<StoredState?>> FindStatesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Throws when the collection cannot be written.</summary>
    /// <exception cref="CollectionReadOnlyException">Nothing can or may be written.</exception>
    public virtual void ThrowIfReadOnly() { }

    /// <summary>
    /// Names the storage of the documents: another name after the collection was restored, replaced or created again;
    /// <see langword="null"/> where the store cannot say.
    /// </summary>
    public virtual Task<string?> GetIncarnationAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>
    /// Names the state of the documents: another name after any write; <see langword="null"/> where the store cannot say.
    /// </summary>
    public virtual Task<string?> GetVersionAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>The number of documents.</summary>
    public abstract Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Documents with their vectors in the order in which they were first added.</summary>
    /// <param name="afterKey">The key after which to begin; 0 for the first.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Stops.</param>
    public abstract Task<IReadOnlyList<StoredDocument>> ReadAsync(long afterKey, int limit, CancellationToken cancellationToken);

    /// <summary>The highest key of all documents; 0 for an empty collection.</summary>
    public abstract Task<long> GetLastKeyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All documents with their vectors in that order, in batches that are each of one state. A document that is deleted and added again
    /// during the listing has a new key: documents added after the first batch are skipped, so that none comes twice.
    /// </summary>
    /// <param name="batchSize">The most documents in a batch.</param>
    /// <param name="cancellationToken">Stops.</param>
    public virtual async IAsyncEnumerable<IReadOnlyList<StoredDocument>> ListAsync(
        int batchSize,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        long after = 0,
            last = await GetLastKeyAsync(cancellationToken).ConfigureAwait(false);
        while (after < last && await ReadAsync(after, batchSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            after = batch[^1].Key;
            if (after > last)
                batch = [.. batch.Where(document => document.Key <= last)];
            if (batch.Count > 0)
                yield return batch;
        }
    }

    /// <summary>
    /// Verifies all documents, before they are sent where an answer that has begun cannot become an error. A database with checksums
    /// has nothing to do.
    /// </summary>
    /// <exception cref="CollectionDamagedException">A document differs from the one that was written.</exception>
    public virtual Task ThrowIfDamagedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The ids of the documents from one file, or from any file of one folder.</summary>
    /// <param name="source">The source of a document, or the folder that contains it.</param>
    /// <param name="predicate">Selects by id and source; called once for each document of the source.</param>
    /// <param name="cancellationToken">Stops.</param>
    public abstract Task<IReadOnlyList<string>> FindIdsBySourceAsync(
        string source,
        Func<string, string, bool> predicate,
        CancellationToken cancellationToken
    );

    /// <summary>Adds and replaces documents by id, all of them or none.</summary>
    /// <param name="documents">The documents; no id comes twice.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>
    /// The effect of each; or <see langword="null"/>, and nothing is written, when a document lacks its vector and the stored text is not
    /// the same (any more), or when a vector is of another model: the caller embeds again.
    /// </returns>
    public abstract Task<IReadOnlyList<WriteEffect>?> UpsertAsync(
        IReadOnlyList<IncomingDocument> documents,
        CancellationToken cancellationToken
    );

    /// <summary>Removes documents by id, all of them or none.</summary>
    /// <returns>The number of documents that were there.</returns>
    public abstract Task<int> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Announces many writes, so that work can be deferred to their end.</summary>
    public virtual void BeginBulkWrite() { }

    /// <summary>Ends many writes: does the work that was deferred.</summary>
    public virtual Task EndBulkWriteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Notices a move to another model by another process, which otherwise waits for the next search or write.</summary>
    public virtual Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The state that <see cref="SetSourceStateAsync"/> stored for a source; <see langword="null"/> for none.</summary>
    /// <param name="source">The name of the source.</param>
    /// <param name="cancellationToken">Stops.</param>
    public virtual Task<string?> GetSourceStateAsync(string source, CancellationToken cancellationToken) => throw NoFolder();

    /// <summary>Stores in which state a source was indexed, so that a later program can see whether it has changed.</summary>
    /// <param name="source">The name of the source.</param>
    /// <param name="state">Any text.</param>
    /// <param name="cancellationToken">Stops.</param>
    public virtual Task SetSourceStateAsync(string source, string state, CancellationToken cancellationToken) => throw NoFolder();

    /// <summary>Begins to replace all vectors by those of another model, or continues with it.</summary>
    /// <param name="next">The manifest of the collection after the replacement.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">
    /// The store cannot; or another replacement is unfinished, or the vectors of the last one are still kept; or another process is at it.
    /// </exception>
    public virtual Task<VectorReplacement> ReplaceVectorsAsync(Manifest next, CancellationToken cancellationToken) => throw NoReplacement();

    /// <summary>Begins to put the vectors back that the last replacement took out of use, or continues with it.</summary>
    /// <exception cref="InputException">No such vectors are stored, or another process works on them.</exception>
    public virtual Task<VectorReplacement> RestoreVectorsAsync(CancellationToken cancellationToken) => throw NoReplacement();

    /// <summary>Drops the vectors that the last replacement took out of use, or those of an unfinished one.</summary>
    /// <exception cref="InputException">No such vectors are stored, or another process works on them.</exception>
    public virtual Task DropVectorsAsync(VectorRole role, CancellationToken cancellationToken) => throw NoReplacement();

    /// <summary>The texts that a replacement would still have to embed, in the order of their keys.</summary>
    /// <param name="role">Which replacement.</param>
    /// <param name="afterKey">The key after which to begin; 0 for the first.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="cancellationToken">Stops.</param>
    public virtual Task<IReadOnlyList<PendingText>> ListPendingTextsAsync(
        VectorRole role,
        long afterKey,
        int limit,
        CancellationToken cancellationToken
    ) => throw NoReplacement();

    /// <summary>Describes the collection.</summary>
    public abstract Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken);

    /// <summary>Checks everything that is stored.</summary>
    public abstract Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Measures the recall of the index with its current settings.</summary>
    /// <param name="k">The number of neighbors of each query; 1 or more.</param>
    /// <param name="samples">The number of queries, which are stored vectors; 1 or more.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">The store has no index that can be measured.</exception>
    public virtual Task<RecallReport> MeasureRecallAsync(int k, int samples, CancellationToken cancellationToken) => throw NoIndex();

    /// <summary>Finds the fewest candidates that reach a recall, and stores that number for all searches.</summary>
    /// <param name="target">The recall, above 0 and up to 1.</param>
    /// <param name="k">The number of neighbors of each query; 1 or more.</param>
    /// <param name="samples">The number of queries, which are stored vectors; 1 or more.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InputException">The store has no index that can be tuned, or holds too few documents.</exception>
    public virtual Task<RecallReport> TuneEfSearchAsync(double target, int k, int samples, CancellationToken cancellationToken) =>
        throw NoIndex();

    /// <summary>Repairs the index where it is damaged.</summary>
    /// <returns>The repairs, a sentence each; empty when the index is sound.</returns>
    /// <exception cref="InputException">The store has no index that can be repaired.</exception>
    public virtual Task<IReadOnlyList<string>> RepairAsync(CancellationToken cancellationToken) => throw NoIndex();

    /// <summary>Reclaims space from deleted and replaced documents.</summary>
    public abstract Task CompactAsync(CancellationToken cancellationToken);

    /// <summary>Writes all documents to one file.</summary>
    /// <exception cref="InputException">The database has its own tools for this.</exception>
    public virtual Task BackupAsync(string file, CancellationToken cancellationToken) => throw OwnTools("backed up");

    /// <summary>Writes a copy of the collection to a new folder.</summary>
    /// <exception cref="InputException">The database has its own tools for this.</exception>
    public virtual Task SaveAsAsync(string path, CancellationToken cancellationToken) => throw OwnTools("saved as a folder");

    /// <summary>Waits for a write in progress and closes everything, the <see cref="CollectionLocation"/> included.</summary>
    public abstract ValueTask DisposeAsync();

    private InputException NoFolder() => new($"{Name} is not in a folder; copy it to a folder first");

    private InputException NoReplacement() =>
        new(
            $"{Name} cannot change its model: index the sources again into another collection, or copy it into a folder or PostgreSQL first"
        );

    private InputException NoIndex() =>
        new(
            $"{Name} manages its own index, which cannot be measured, tuned or repaired from here: copy the collection into a folder "
                + $"or PostgreSQL first"
        );

    private InputException OwnTools(string what) =>
        new($"{Name} is not in a folder, so it is not {what} from here: use the tools of its database, or copy it into a folder first");
}
