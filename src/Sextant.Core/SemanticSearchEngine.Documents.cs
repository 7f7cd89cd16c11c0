using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Search.Storage;
using Sextant.Search.Updates;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
    private const int MadeIdBytes = 10;
    private const int ListBatch = 256;

    /// <summary>Adds texts, all of them or, when it throws, none.</summary>
    /// <param name="texts">The texts to add. A text that is already in the collection is not added again.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    public Task<UpsertResult> AddDocumentsAsync(IEnumerable<string> texts, CancellationToken cancellationToken = default) =>
        AddDocumentsAsync((texts ?? throw new ArgumentNullException(nameof(texts))).Select(text => new Document(text)), cancellationToken);

    /// <summary>Adds texts with metadata, all of them or, when it throws, none.</summary>
    /// <param name="texts">The texts to add.</param>
    /// <param name="metadata">An object for each text; <see langword="null"/> is an empty one.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <exception cref="InputException">The numbers of texts and metadata differ.</exception>
    public Task<UpsertResult> AddDocumentsAsync(
        IEnumerable<string> texts,
        IEnumerable<JsonObject?> metadata,
        CancellationToken cancellationToken = default
    ) => AddDocumentsAsync(Pair(texts, metadata, static json => json), cancellationToken);

    /// <summary>Adds texts with metadata, all of them or, when it throws, none.</summary>
    /// <param name="texts">The texts to add.</param>
    /// <param name="metadata">
    /// An object with named fields for each text: a dictionary, a record or an anonymous object, which is converted to JSON.
    /// </param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <exception cref="InputException">
    /// The numbers of texts and metadata differ, or an item of the metadata has no named fields.
    /// </exception>
    /// <exception cref="NotSupportedException">The program was published for native AOT or trimmed; pass JSON objects there.</exception>
    [RequiresUnreferencedCode("The fields of the metadata are found by reflection. Pass JsonObject instances instead.")]
    [RequiresDynamicCode("The fields of the metadata are found by reflection. Pass JsonObject instances instead.")]
    public Task<UpsertResult> AddDocumentsAsync<TMetadata>(
        IEnumerable<string> texts,
        IEnumerable<TMetadata> metadata,
        CancellationToken cancellationToken = default
    ) => AddDocumentsAsync(Pair(texts, metadata, MetadataJson.Serialize), cancellationToken);

    private static IEnumerable<Document> Pair<T>(IEnumerable<string> texts, IEnumerable<T> metadata, Func<T, JsonObject?> json)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(metadata);
        string[] allTexts = [.. texts];
        T[] allMetadata = [.. metadata];
        return allTexts.Length == allMetadata.Length
            ? allTexts.Zip(allMetadata, (text, one) => new Document(text) { Metadata = json(one) })
            : throw new InputException($"there are {allTexts.Length} texts and {allMetadata.Length} metadata objects; give one per text");
    }

    /// <summary>
    /// Adds documents and replaces those with existing ids: all of them or, when it throws, none. When it returns, they are on disk and
    /// searchable. A text that is already stored is not embedded again.
    /// </summary>
    /// <param name="documents">If an id occurs twice, the last document wins.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <exception cref="InputException">A document cannot be stored; the message names it.</exception>
    /// <exception cref="SextantException">Another process is writing, or the disk is full.</exception>
    public async Task<UpsertResult> AddDocumentsAsync(IEnumerable<Document> documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        List<string> ids = [];
        OrderedDictionary<string, IncomingDocument> last = new(StringComparer.Ordinal);
        foreach (IncomingDocument document in documents.Select(StagedWriter.Prepare))
        {
            ids.Add(document.Id);
            last[document.Id] = document;
        }

        IReadOnlyList<WriteEffect> effects = await StagedWriter.WriteAsync(last.Values, cancellationToken).ConfigureAwait(false);
        return new(
            ids,
            effects.Count(e => e == WriteEffect.Added),
            effects.Count(e => e == WriteEffect.Updated),
            effects.Count(e => e == WriteEffect.Unchanged)
        );
    }

    /// <summary>Removes a document.</summary>
    /// <returns>Whether it existed.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        await DeleteAsync([id ?? throw new ArgumentNullException(nameof(id))], cancellationToken).ConfigureAwait(false) == 1;

    /// <summary>Removes documents, all of them or, when it throws, none.</summary>
    /// <returns>The number of documents that existed.</returns>
    public Task<int> DeleteAsync(IEnumerable<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ThrowIfReadOnly();
        return _collection.DeleteAsync([.. ids], cancellationToken);
    }

    /// <summary>Removes the documents that match a filter, all of them or, when it throws, none.</summary>
    /// <param name="filter">A condition on the metadata.</param>
    /// <param name="isDryRun">Whether the documents are only counted.</param>
    /// <param name="cancellationToken">Cancels before anything is removed.</param>
    /// <returns>The number of documents.</returns>
    /// <exception cref="InputException">The filter is too large.</exception>
    public Task<int> DeleteMatchingAsync(FilterExpression filter, bool isDryRun = false, CancellationToken cancellationToken = default) =>
        _collection.DeleteAsync(Select(null, filter, isDryRun), isDryRun, cancellationToken);

    /// <summary>
    /// Changes the metadata of a document; its text and vector stay, and nothing is embedded. Fields of <paramref name="patch"/> replace
    /// those of the same name, objects are merged, and null removes a field (JSON Merge Patch, RFC 7396).
    /// </summary>
    /// <param name="id">The id of the document.</param>
    /// <param name="patch">The changes.</param>
    /// <param name="condition">
    /// What the metadata must be like, for instance <c>version = 3</c>; checked in the transaction of the change.
    /// </param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>Whether the document exists and meets the condition.</returns>
    /// <exception cref="InputException">The new metadata cannot be stored.</exception>
    public async Task<bool> UpdateMetadataAsync(
        string id,
        JsonObject patch,
        FilterExpression? condition = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(id);
        return (await UpdateMetadataAsync([id], condition, patch, false, cancellationToken).ConfigureAwait(false)).Matched > 0;
    }

    /// <summary>
    /// Changes the metadata of a document by a function, in one transaction with reading it; its text and vector stay, and nothing is
    /// embedded.
    /// </summary>
    /// <param name="id">The id of the document.</param>
    /// <param name="change">
    /// Returns the new metadata. What it throws ends the update with nothing written. The document may have no vector, and it may be called
    /// more than once.
    /// </param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>The document with its new metadata; <see langword="null"/> if it does not exist.</returns>
    /// <exception cref="InputException">The new metadata cannot be stored.</exception>
    public async Task<Document?> UpdateMetadataAsync(
        string id,
        Func<Document, JsonObject> change,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(change);
        Document? changed = null;
        await _collection
            .UpdateMetadataAsync(
                Select([id], null, isDryRun: false),
                stored =>
                {
                    Document document = stored.ToDocument();
                    changed = document with { Metadata = change(document) };
                    return MetadataJson.Serialize(changed.Metadata, id);
                },
                isDryRun: false,
                cancellationToken
            )
            .ConfigureAwait(false);
        return changed;
    }

    /// <summary>Changes the metadata of all documents that match a filter, all of them or, when it throws, none.</summary>
    /// <param name="filter">A condition on the metadata.</param>
    /// <param name="patch">The changes, as for a single document.</param>
    /// <param name="isDryRun">Whether documents are only counted.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <exception cref="InputException">The new metadata of a document cannot be stored; the message names it.</exception>
    public Task<MetadataUpdate> UpdateMatchingAsync(
        FilterExpression filter,
        JsonObject patch,
        bool isDryRun = false,
        CancellationToken cancellationToken = default
    ) => UpdateMetadataAsync(null, filter, patch, isDryRun, cancellationToken);

    /// <summary>Changes the metadata of the documents that have one of the ids and match the filter, where one is given.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="patch">The changes, as for a single document.</param>
    /// <param name="filter">A condition on the metadata; none when <see langword="null"/>.</param>
    /// <param name="isDryRun">Whether documents are only counted.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <exception cref="InputException">The new metadata of a document cannot be stored; the message names it.</exception>
    public Task<MetadataUpdate> UpdateMetadataAsync(
        IReadOnlyCollection<string> ids,
        JsonObject patch,
        FilterExpression? filter = null,
        bool isDryRun = false,
        CancellationToken cancellationToken = default
    ) => UpdateMetadataAsync(ids ?? throw new ArgumentNullException(nameof(ids)), filter, patch, isDryRun, cancellationToken);

    /// <summary>Removes the documents that have one of the ids and match the filter, all of them or, when it throws, none.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="filter">A condition on the metadata; none when <see langword="null"/>.</param>
    /// <param name="isDryRun">Whether the documents are only counted.</param>
    /// <param name="cancellationToken">Cancels before anything is removed.</param>
    /// <returns>The number of documents.</returns>
    public Task<int> DeleteMatchingAsync(
        IReadOnlyCollection<string> ids,
        FilterExpression? filter = null,
        bool isDryRun = false,
        CancellationToken cancellationToken = default
    ) =>
        _collection.DeleteAsync(Select(ids ?? throw new ArgumentNullException(nameof(ids)), filter, isDryRun), isDryRun, cancellationToken);

    /// <summary>
    /// A page of the documents and their vectors, in the order in which they were first added. A listing page by page returns every
    /// document that exists throughout exactly once, regardless of concurrent writes; documents added after its first page are not listed.
    /// </summary>
    /// <param name="cursor">Where the page before ended (<see cref="DocumentPage.Next"/>); <see langword="null"/> for the first.</param>
    /// <param name="limit">The most documents of the page; 1 or more.</param>
    /// <param name="filter">A condition; all documents when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="InputException">The cursor is malformed, or of a collection that was replaced.</exception>
    public async Task<DocumentPage> ListPageAsync(
        string? cursor = null,
        int limit = 100,
        FilterExpression? filter = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ThrowIfDisposed();
        if (filter is not null)
            FilterLimits.Check(filter);
        string? incarnation = await _collection.GetIncarnationAsync(cancellationToken).ConfigureAwait(false);
        ListCursor place = cursor is null
            ? new(0, await _collection.GetLastKeyAsync(cancellationToken).ConfigureAwait(false), incarnation)
            : ListCursor.Parse(cursor, incarnation);
        // One more shows whether there is another page.
        IReadOnlyList<StoredDocument> found = filter is null
            ? await _collection.ReadAsync(place.After, limit + 1, cancellationToken).ConfigureAwait(false)
            : await _collection.ReadAsync(place.After, limit + 1, filter, cancellationToken).ConfigureAwait(false);
        StoredDocument[] page = [.. found.TakeWhile(document => document.Key <= place.Last)];
        string? next = page.Length > limit ? (place with { After = page[limit - 1].Key }).ToString() : null;
        return new([.. page.Take(limit).Select(static document => document.ToDocument())], next);
    }

    private Task<MetadataUpdate> UpdateMetadataAsync(
        IReadOnlyCollection<string>? ids,
        FilterExpression? filter,
        JsonObject patch,
        bool isDryRun,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _collection.UpdateMetadataAsync(
            Select(ids, filter, isDryRun),
            document => MetadataJson.Serialize(MergePatch.Apply(MetadataJson.Parse(document.Metadata), patch), document.Id),
            isDryRun,
            cancellationToken
        );
    }

    private DocumentSelection Select(IReadOnlyCollection<string>? ids, FilterExpression? filter, bool isDryRun)
    {
        if (ids is null)
            ArgumentNullException.ThrowIfNull(filter);
        if (filter is not null)
            FilterLimits.Check(filter);
        if (isDryRun)
            ThrowIfDisposed();
        else
            ThrowIfReadOnly();
        return new(ids, filter);
    }

    /// <summary>The document with this id and its vector, or <see langword="null"/> if it does not exist.</summary>
    public async Task<Document?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ThrowIfDisposed();
        return await _collection.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found ? found.ToDocument() : null;
    }

    /// <summary>The number of documents.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _collection.CountAsync(cancellationToken);
    }

    /// <summary>
    /// All documents and their vectors, in the order in which they were first added. Documents that come or go while they are
    /// listed may or may not be among them; none comes twice.
    /// </summary>
    /// <exception cref="SextantException">The collection was moved to another model while it was listed, or is damaged.</exception>
    public async IAsyncEnumerable<Document> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        string? fingerprint = null;
        await foreach (IReadOnlyList<StoredDocument> batch in _collection.ListAsync(ListBatch, cancellationToken).ConfigureAwait(false))
        {
            foreach (StoredDocument stored in batch)
            {
                if (stored.ModelFingerprint != (fingerprint ??= stored.ModelFingerprint))
                    throw ModelChangedException.WhileReading(Location);
                yield return stored.ToDocument();
            }
        }
    }

    /// <summary>A document as the store takes it.</summary>
    /// <exception cref="InputException">It cannot be stored, or its vector is not of that length.</exception>
    internal static IncomingDocument Incoming(Document document, Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.Text is null)
            throw new InputException($"document '{document.Id}' has no text");
        if (document.Id is { } id)
            DocumentId.Require(id);
        // No store keeps lone surrogates, and SQLite's texts end at a NUL; both become U+FFFD, Unicode's replacement character.
        string text = Surrogates.Replace(document.Text.Replace('\0', '\ufffd'));
        string metadata = MetadataJson.Serialize(document.Metadata, document.Id ?? "without an id");
        if (document.Source.Contains('\0', StringComparison.Ordinal))
            throw new InputException($"the source of document '{document.Id}' contains the NUL character");
        float[]? compared = document.Vector is { } given
            ? CollectionModel.ToComparedVector(given, manifest, $"document '{document.Id}'")
            : null;
        return new(document.Id ?? MakeId(text, metadata), text, IncomingDocument.HashText(text), metadata, document.Source)
        {
            HasGivenVector = compared is not null,
            Vector = compared,
            GivenVector =
                compared is not null && !document.Vector!.Value.Span.SequenceEqual(compared) ? document.Vector.Value.ToArray() : null,
        };
    }

    private static string MakeId(string text, string metadata) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\0{metadata}")).AsSpan(0, MadeIdBytes));
}
