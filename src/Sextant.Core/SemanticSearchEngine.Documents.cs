using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Search;
using Sextant.Search.Storage;

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
