using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sextant.Embedding;
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
    /// <param name="metadata">
    /// An object with named fields for each text: a <see cref="JsonObject"/>, a dictionary, a record or an anonymous object, which is
    /// converted to JSON.
    /// </param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <exception cref="InputException">
    /// The numbers of texts and metadata differ, or an item of the metadata has no named fields.
    /// </exception>
    public Task<UpsertResult> AddDocumentsAsync<TMetadata>(
        IEnumerable<string> texts, IEnumerable<TMetadata> metadata, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(metadata);
        string[] allTexts = [.. texts];
        TMetadata[] allMetadata = [.. metadata];
        if (allTexts.Length != allMetadata.Length)
            throw new InputException($"there are {allTexts.Length} texts and {allMetadata.Length} metadata; each text needs its own");
        return AddDocumentsAsync(
            allTexts.Zip(allMetadata, (text, m) => new Document(text) { Metadata = MetadataJson.From(m) }), cancellationToken);
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
        foreach (IncomingDocument document in documents.Select(Prepare))
        {
            ids.Add(document.Id);
            last[document.Id] = document;
        }

        WriteEffect[] effects = await WriteAsync(last.Values, cancellationToken).ConfigureAwait(false);
        return new(
            ids,
            effects.Count(e => e == WriteEffect.Added),
            effects.Count(e => e == WriteEffect.Updated),
            effects.Count(e => e == WriteEffect.Unchanged));
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
        RequireWritable();
        return _collection.DeleteAsync([.. ids], cancellationToken);
    }

    /// <summary>The document with this id and its vector, or <see langword="null"/> if it does not exist.</summary>
    public async Task<Document?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ThrowIfDisposed();
        return await _collection.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found ? Document(found) : null;
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
    public IAsyncEnumerable<Document> ListAsync(CancellationToken cancellationToken = default) => ListAsync(anyModel: false, cancellationToken);

    /// <summary>The same; vectors may be of two models where <paramref name="anyModel"/> says that they do not matter.</summary>
    internal async IAsyncEnumerable<Document> ListAsync(bool anyModel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        string? space = null;
        await foreach (List<StoredDocument> batch in _collection.ListAsync(ListBatch, cancellationToken).ConfigureAwait(false))
        {
            foreach (StoredDocument stored in batch)
            {
                if (!anyModel && stored.Space != (space ??= stored.Space)) throw ModelMovedException.WhileReading(Path);
                yield return Document(stored);
            }
        }
    }

    /// <summary>
    /// Adds and replaces documents like <see cref="AddDocumentsAsync(IEnumerable{Document}, CancellationToken)"/>, and also documents of
    /// which only the vector differs.
    /// </summary>
    internal async Task PutAsync(IEnumerable<Document> documents, CancellationToken cancellationToken)
    {
        Document[] all = [.. documents];
        List<string> moved = [];
        foreach (Document document in all.Where(d => d.Vector is not null))
        {
            float[]? stored = await _collection.FindVectorAsync(document.Id!, cancellationToken).ConfigureAwait(false);
            // An unchanged text keeps its vector, so a document with a different vector is deleted first.
            if (stored is not null && !stored.AsSpan().SequenceEqual(Prepare(document).Vector)) moved.Add(document.Id!);
        }

        foreach (Document document in all) Prepare(document);
        if (moved.Count > 0) await DeleteAsync(moved, cancellationToken).ConfigureAwait(false);
        await AddDocumentsAsync(all, cancellationToken).ConfigureAwait(false);
    }

    internal IncomingDocument Prepare(Document document)
    {
        Manifest manifest = _collection.Manifest;
        IncomingDocument incoming = Incoming(document, manifest.Dimensions);
        if (incoming.BringsVector) incoming.Space = manifest.Fingerprint;
        return incoming;
    }

    /// <summary>Converts a document for the store.</summary>
    /// <exception cref="InputException">It cannot be stored, or its vector has another length.</exception>
    internal static IncomingDocument Incoming(Document document, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.Text is null) throw new InputException($"document '{document.Id}' has no text");
        if (document.Id is { } id) DocumentId.Require(id);
        // No store keeps lone surrogates, and SQLite's texts end at a NUL; both become U+FFFD, Unicode's replacement character.
        string text = Surrogates.Replace(document.Text.Replace('\0', '\ufffd'));
        string metadata = MetadataJson.Write(document.Metadata, document.Id ?? "without an id");
        if (document.Source.Contains('\0', StringComparison.Ordinal)) throw new InputException($"the source of document '{document.Id}' holds the NUL character");
        return new(document.Id ?? MakeId(text, metadata), text, IncomingDocument.Hash(text), metadata, document.Source)
        {
            BringsVector = document.Vector is not null,
            Vector = document.Vector is { } vector ? CollectionModel.Unit(vector, dimensions, $"document '{document.Id}'") : null,
        };
    }

    /// <summary>Writes documents, all of them or none. Ids must be unique.</summary>
    internal async Task<WriteEffect[]> WriteAsync(IReadOnlyList<IncomingDocument> documents, CancellationToken cancellationToken)
    {
        RequireWritable();
        while (true)
        {
            await EmbedChangedAsync(documents, cancellationToken).ConfigureAwait(false);
            if (await _collection.UpsertAsync(documents, cancellationToken).ConfigureAwait(false) is { } written) return written;
            // If the collection has been moved to another model in between, the documents are embedded again.
            Manifest manifest = _collection.Manifest;
            foreach (IncomingDocument document in documents.Where(d => d.Vector is not null && d.Space != manifest.Fingerprint))
                document.Vector = document.BringsVector ? throw new ModelMovedException(Path, manifest) : null;
        }
    }

    /// <summary>Embeds each document whose text differs from the stored one.</summary>
    internal async Task EmbedChangedAsync(IReadOnlyList<IncomingDocument> documents, CancellationToken cancellationToken)
    {
        List<IncomingDocument> unknown = [.. documents.Where(d => d.Vector is null)];
        StoredState?[] states = await _collection.FindStatesAsync(unknown.ConvertAll(d => d.Id), cancellationToken).ConfigureAwait(false);
        List<IncomingDocument> changed =
            [.. unknown.Where((d, i) => states[i] is not { } state || !state.TextHash.AsSpan().SequenceEqual(d.TextHash))];
        if (changed.Count == 0) return;
        CollectionModel model = await ModelAsync(cancellationToken).ConfigureAwait(false);
        float[][] vectors =
            await model.EmbedAsync(changed.ConvertAll(d => d.Text), EmbeddingRole.Document, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < vectors.Length; i++) (changed[i].Vector, changed[i].Space) = (vectors[i], model.Space);
    }

    internal Task<string?> SourceStateAsync(string source, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return Collection.ReadAsync(reader => reader.SourceState(source), cancellationToken);
    }

    internal Task NoteSourceAsync(string source, string state, CancellationToken cancellationToken)
    {
        RequireWritable();
        return Collection.NoteSourceAsync(source, state, cancellationToken);
    }

    internal static Document Document(StoredDocument stored) => new(stored.Text)
    {
        Id = stored.Id,
        Metadata = MetadataJson.Read(stored.Metadata),
        Source = stored.Source,
        Vector = stored.Vector,
    };

    private static string MakeId(string text, string metadata) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\0{metadata}")).AsSpan(0, MadeIdBytes));
}
