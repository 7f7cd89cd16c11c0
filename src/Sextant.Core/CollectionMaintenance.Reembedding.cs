using System.Runtime.CompilerServices;
using Sextant.Embedding;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class CollectionMaintenance
{
    private const int PendingBatch = 1024;

    /// <summary>
    /// Moves the collection to another model: embeds all texts again, and replaces the current vectors in one step when all new ones are
    /// ready. Searches and writes continue during the move, here and in other processes. Vectors embedded before a cancellation or failure
    /// are kept, and the next call resumes from there. The old vectors are kept until <see cref="DropPreviousModelAsync"/>.
    /// </summary>
    /// <param name="model">The target, by model or generator, pipeline and registry; all other options are ignored.</param>
    /// <param name="progress">Receives a report after each batch.</param>
    /// <param name="cancellationToken">Cancels after the current batch is stored.</param>
    /// <exception cref="InputException">
    /// The collection already uses this model, is being moved to another one, still keeps the vectors of the previous model, or cannot
    /// change its model.
    /// </exception>
    /// <exception cref="SextantException">The model failed; the collection continues to work with the current model.</exception>
    public async Task<ReembeddingResult> ReembedAsync(
        SemanticSearchEngineOptions model,
        IProgress<ReembeddingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        _engine.ThrowIfReadOnly();
        using CollectionModel next = await CollectionModel.OpenAsync(model, null, cancellationToken).ConfigureAwait(false);
        await _collection.RefreshAsync(cancellationToken).ConfigureAwait(false);
        VectorReplacement replacement = await _collection
            .ReplaceVectorsAsync(
                _collection.Manifest with
                {
                    Model = next.Profile,
                    Fingerprint = next.Profile.Fingerprint,
                    TruncatedDimensions = model.Pipeline?.Dimensions,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        await using (replacement.ConfigureAwait(false))
            return await ReplaceAsync(replacement, () => Task.FromResult(next), progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns to the previous model of the collection. Embeds only documents written since the move, and keeps the vectors of the current
    /// model.
    /// </summary>
    /// <param name="model">How to open that model; by default it is opened by name, as this engine would.</param>
    /// <param name="progress">Receives a report after each batch.</param>
    /// <param name="cancellationToken">Cancels after the current batch is stored.</param>
    /// <exception cref="InputException">
    /// No previous vectors are kept; or the model has changed since, and there are documents to embed.
    /// </exception>
    public async Task<ReembeddingResult> RestorePreviousModelAsync(
        SemanticSearchEngineOptions? model = null,
        IProgress<ReembeddingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        _engine.ThrowIfReadOnly();
        await _collection.RefreshAsync(cancellationToken).ConfigureAwait(false);
        VectorReplacement replacement = await _collection.RestoreVectorsAsync(cancellationToken).ConfigureAwait(false);
        await using (replacement.ConfigureAwait(false))
        {
            CollectionModel? opened = null;
            try
            {
                return await ReplaceAsync(replacement, OpenAsync, progress, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                opened?.Dispose();
            }

            async Task<CollectionModel> OpenAsync()
            {
                opened = await CollectionModel
                    .OpenAsync(model ?? _engine.Options with { Model = null, Generator = null }, replacement.Manifest, cancellationToken)
                    .ConfigureAwait(false);
                opened.Require(replacement.Manifest, _engine.Location);
                return opened;
            }
        }
    }

    /// <summary>
    /// Drops the vectors of the previous model, which <see cref="ReembedAsync"/> keeps; compaction then reclaims their space.
    /// </summary>
    /// <exception cref="InputException">No such vectors are kept.</exception>
    public Task DropPreviousModelAsync(CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfReadOnly();
        return _collection.DropVectorsAsync(VectorRole.Previous, cancellationToken);
    }

    /// <summary>Abandons an unfinished <see cref="ReembedAsync"/> and drops its new vectors.</summary>
    /// <exception cref="InputException">No move is unfinished.</exception>
    public Task AbandonReembeddingAsync(CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfReadOnly();
        return _collection.DropVectorsAsync(VectorRole.Next, cancellationToken);
    }

    /// <summary>Lists the texts that <see cref="ReembedAsync"/> still has to embed, for example to estimate the cost.</summary>
    public async IAsyncEnumerable<string> ListTextsToReembedAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        for (
            long after = 0;
            await _collection.ListPendingTextsAsync(VectorRole.Next, after, PendingBatch, cancellationToken).ConfigureAwait(false)
                is { Count: > 0 } batch;
            after = batch[^1].Key
        )
        {
            foreach (PendingText pending in batch)
                yield return pending.Text;
        }
    }

    private async Task<ReembeddingResult> ReplaceAsync(
        VectorReplacement replacement,
        Func<Task<CollectionModel>> open,
        IProgress<ReembeddingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ModelProfile from = _engine.Model;
        CollectionReembedder work = new(replacement, open, progress, cancellationToken);
        await work.RunAsync().ConfigureAwait(false);
        await _collection.RefreshAsync(CancellationToken.None).ConfigureAwait(false);
        return new(
            from,
            replacement.Manifest.Model,
            await _engine.CountAsync(CancellationToken.None).ConfigureAwait(false),
            work.Embedded,
            work.Kept
        );
    }
}
