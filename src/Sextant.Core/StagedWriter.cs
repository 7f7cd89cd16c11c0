using Sextant.Embedding;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant;

/// <summary>
/// Writes documents in three stages that can run side by side over batches: prepare, embed, write. Use it where many documents are read,
/// embedded and
/// stored at the same time, as <c>CollectionIndexer</c> of Sextant.Sources does; otherwise
/// <see cref="SemanticSearchEngine.AddDocumentsAsync(IEnumerable{Document}, CancellationToken)"/> is all that is needed.
/// </summary>
/// <remarks>Thread-safe, and usable for as long as its engine.</remarks>
public sealed class StagedWriter
{
    private readonly SemanticSearchEngine _engine;

    internal StagedWriter(SemanticSearchEngine engine) => _engine = engine;

    /// <summary>Checks a document and prepares it for the store: hashes its text, writes its metadata as JSON, scales its vector.</summary>
    /// <param name="document">The document. Without an id it gets one that is made of its content.</param>
    /// <exception cref="InputException">It cannot be stored; the message names it.</exception>
    public IncomingDocument Prepare(Document document)
    {
        Manifest manifest = _engine.Store.Manifest;
        IncomingDocument incoming = SemanticSearchEngine.Incoming(document, manifest);
        if (incoming.HasGivenVector)
            incoming.ModelFingerprint = manifest.Fingerprint;
        return incoming;
    }

    /// <summary>The number of batches that the model embeds at the same time.</summary>
    /// <param name="cancellationToken">Stops opening the model.</param>
    public async Task<int> GetConcurrencyAsync(CancellationToken cancellationToken = default) =>
        (await _engine.ModelAsync(cancellationToken).ConfigureAwait(false)).Generator.GetService(typeof(EmbeddingLimits))
            is EmbeddingLimits limits
            ? limits.MaxConcurrency
            : 1;

    /// <summary>Embeds the documents that have no vector and whose text is not the one that is stored under their id.</summary>
    /// <param name="documents">Documents that <see cref="Prepare"/> returned; their vectors are set.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="SextantException">The model failed.</exception>
    public async Task EmbedAsync(IReadOnlyList<IncomingDocument> documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        List<IncomingDocument> unknown = [.. documents.Where(d => d.Vector is null)];
        IReadOnlyList<StoredState?> states = await _engine
            .Store.FindStatesAsync(unknown.ConvertAll(d => d.Id), cancellationToken)
            .ConfigureAwait(false);
        List<IncomingDocument> changed =
        [
            .. unknown.Where((d, i) => states[i] is not { } state || !state.TextHash.AsSpan().SequenceEqual(d.TextHash)),
        ];
        if (changed.Count == 0)
            return;
        CollectionModel model = await _engine.ModelAsync(cancellationToken).ConfigureAwait(false);
        float[][] vectors = await model
            .EmbedAsync(changed.ConvertAll(d => d.Text), EmbeddingRole.Document, cancellationToken)
            .ConfigureAwait(false);
        for (int i = 0; i < vectors.Length; i++)
            (changed[i].Vector, changed[i].ModelFingerprint) = (vectors[i], model.ModelFingerprint);
    }

    /// <summary>Writes documents, all of them or none, and embeds those that are not embedded yet.</summary>
    /// <param name="documents">Documents that <see cref="Prepare"/> returned; no id comes twice.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>The effect of each.</returns>
    /// <exception cref="ModelChangedException">The collection was moved to another model, and a vector was given with its
    /// document.</exception>
    /// <exception cref="SextantException">Another process is writing, the model failed, or the disk is full.</exception>
    public async Task<IReadOnlyList<WriteEffect>> WriteAsync(
        IReadOnlyList<IncomingDocument> documents,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(documents);
        _engine.ThrowIfReadOnly();
        while (true)
        {
            await EmbedAsync(documents, cancellationToken).ConfigureAwait(false);
            if (await _engine.Store.UpsertAsync(documents, cancellationToken).ConfigureAwait(false) is { } written)
                return written;
            // After a move to another model, documents with vectors of the old one are embedded again.
            Manifest manifest = _engine.Store.Manifest;
            foreach (IncomingDocument document in documents.Where(d => d.Vector is not null && d.ModelFingerprint != manifest.Fingerprint))
                document.Vector = document.HasGivenVector ? throw new ModelChangedException(_engine.Location, manifest) : null;
        }
    }
}
