using System.Runtime.CompilerServices;
using Sextant.Embedding;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class CollectionMaintenance
{
    private const int PendingBatch = 1024;

    /// <summary>
    /// Moves the collection to another model: embeds all texts anew beside the vectors that serve, which they replace at once when all are
    /// there. Searching and writing go on meanwhile, here and in other processes. What was embedded is kept when this is stopped or fails,
    /// and the next call goes on from there. The old vectors are kept until <see cref="DropPreviousModelAsync"/>.
    /// </summary>
    /// <param name="model">Says by model or generator, pipeline and registry what the collection is moved to; all else in it is passed over.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="cancellationToken">Stops after the batch that is being kept.</param>
    /// <exception cref="InputException">
    /// The collection is made with this model already, is on its way to another, still keeps the vectors of the one before, or cannot change its model.
    /// </exception>
    /// <exception cref="SextantException">The model failed; everything serves as before.</exception>
    public async Task<ReembeddingResult> ReembedAsync(
        SemanticSearchEngineOptions model, IProgress<ReembeddingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        _engine.RequireWritable();
        using CollectionModel next = await CollectionModel.OpenAsync(model, null, cancellationToken).ConfigureAwait(false);
        await _collection.FollowAsync(cancellationToken).ConfigureAwait(false);
        VectorReplacement replacement = await _collection.ReplaceVectorsAsync(
            _collection.Manifest with { Model = next.Profile, Fingerprint = next.Profile.Fingerprint, CutTo = model.Pipeline?.Dimensions },
            cancellationToken).ConfigureAwait(false);
        await using (replacement.ConfigureAwait(false))
            return await ReplaceAsync(replacement, () => Task.FromResult(next), progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Goes back to the model that the collection was moved away from. Only what was written since then is embedded, and the vectors that
    /// served until now are kept in their turn.
    /// </summary>
    /// <param name="model">Where that model comes from; by default it is opened by its name as this engine would.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="cancellationToken">Stops after the batch that is being kept.</param>
    /// <exception cref="InputException">No such vectors are kept; or the model is another edition now, and there is something to embed.</exception>
    public async Task<ReembeddingResult> RestorePreviousModelAsync(
        SemanticSearchEngineOptions? model = null, IProgress<ReembeddingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        _engine.RequireWritable();
        await _collection.FollowAsync(cancellationToken).ConfigureAwait(false);
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
                opened = await CollectionModel.OpenAsync(
                    model ?? _engine.Options with { Model = null, Generator = null }, replacement.Manifest, cancellationToken).ConfigureAwait(false);
                opened.Require(replacement.Manifest, _engine.Path);
                return opened;
            }
        }
    }

    /// <summary>Forgets the vectors of the model before, which are kept after <see cref="ReembedAsync"/>; compacting then gives back their room.</summary>
    /// <exception cref="InputException">There are none.</exception>
    public Task DropPreviousModelAsync(CancellationToken cancellationToken = default)
    {
        _engine.RequireWritable();
        return _collection.DropVectorsAsync(VectorRole.Previous, cancellationToken);
    }

    /// <summary>Gives up an unfinished <see cref="ReembedAsync"/>: forgets the vectors that it has made.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public Task AbandonReembeddingAsync(CancellationToken cancellationToken = default)
    {
        _engine.RequireWritable();
        return _collection.DropVectorsAsync(VectorRole.Next, cancellationToken);
    }

    /// <summary>The texts that <see cref="ReembedAsync"/> would still have to embed, from which it can be told what that would cost.</summary>
    public async IAsyncEnumerable<string> ListTextsToReembedAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _engine.ThrowIfDisposed();
        for (long after = 0;
            await _collection.PendingAsync(VectorRole.Next, after, PendingBatch, cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch;
            after = batch[^1].Key)
            foreach (PendingText pending in batch) yield return pending.Text;
    }

    private async Task<ReembeddingResult> ReplaceAsync(
        VectorReplacement replacement, Func<Task<CollectionModel>> open, IProgress<ReembeddingProgress>? progress, CancellationToken cancellationToken)
    {
        ModelProfile from = _engine.Model;
        CollectionReembedder work = new(replacement, open, progress, cancellationToken);
        await work.RunAsync().ConfigureAwait(false);
        await _collection.FollowAsync(CancellationToken.None).ConfigureAwait(false);
        return new(from, replacement.Manifest.Model, await _engine.CountAsync(CancellationToken.None).ConfigureAwait(false), work.Embedded, work.Kept);
    }
}
