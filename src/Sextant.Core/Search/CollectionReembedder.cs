using Sextant.Embedding;
using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>
/// Embeds the texts of a collection with another model and replaces the old vectors. To catch up with concurrent writes, each pass embeds
/// the documents written during the previous pass, and the last few are embedded while writers wait.
/// </summary>
internal sealed class CollectionReembedder(
    VectorReplacement replacement,
    Func<Task<CollectionModel>> open,
    IProgress<ReembeddingProgress>? progress,
    CancellationToken cancellationToken
)
{
    private const int BatchSize = 256;

    /// <summary>So few are embedded while writers wait.</summary>
    private const int FewEnough = 64;

    private CollectionModel? _model;
    private long _ready;
    private long _total;

    /// <summary>How many texts were embedded.</summary>
    public long Embedded { get; private set; }

    /// <summary>The number of vectors from an earlier run.</summary>
    public long Kept { get; private set; }

    public async Task RunAsync()
    {
        (Kept, _total) = await replacement.CountAsync(cancellationToken).ConfigureAwait(false);
        _ready = Kept;
        progress?.Report(new(_ready, _total, BuildsIndex: false));
        await CatchUpAsync().ConfigureAwait(false);
        progress?.Report(new(_ready, _total, BuildsIndex: true));
        await replacement.BuildIndexAsync(cancellationToken).ConfigureAwait(false);
        await CatchUpAsync().ConfigureAwait(false);
        await replacement.SwitchAsync(EmbedAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task CatchUpAsync()
    {
        while (await PassAsync().ConfigureAwait(false) > FewEnough) { }
    }

    private async Task<int> PassAsync()
    {
        int found = 0,
            atOnce = 1;
        Queue<Task<(IReadOnlyList<PendingText> Texts, float[][] Vectors)>> underWay = new();
        try
        {
            for (
                long after = 0;
                await replacement.ListPendingTextsAsync(after, BatchSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch;
                after = batch[^1].Key
            )
            {
                if (found == 0)
                    atOnce = await ConcurrencyAsync().ConfigureAwait(false);
                found += batch.Count;
                underWay.Enqueue(EmbedBatchAsync(batch));
                if (underWay.Count >= atOnce)
                    await KeepAsync().ConfigureAwait(false);
            }

            while (underWay.Count > 0)
                await KeepAsync().ConfigureAwait(false);
        }
        finally
        {
            // After a failure the others are let finish: they may be paid for, and what they bring is kept in the cache.
            await Task.WhenAll(underWay.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return found;

        async Task<(IReadOnlyList<PendingText>, float[][])> EmbedBatchAsync(IReadOnlyList<PendingText> batch) =>
            (batch, await EmbedAsync([.. batch.Select(text => text.Text)]).ConfigureAwait(false));

        async Task KeepAsync()
        {
            (IReadOnlyList<PendingText> texts, float[][] vectors) = await underWay.Dequeue().ConfigureAwait(false);
            await replacement.PutAsync(texts, vectors, cancellationToken).ConfigureAwait(false);
            _ready += texts.Count;
            _total = Math.Max(_total, _ready);
            progress?.Report(new(_ready, _total, BuildsIndex: false));
        }
    }

    private async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts)
    {
        _model ??= await open().ConfigureAwait(false);
        float[][] vectors = await _model.EmbedAsync(texts, EmbeddingRole.Document, cancellationToken).ConfigureAwait(false);
        Embedded += texts.Count;
        return vectors;
    }

    private async Task<int> ConcurrencyAsync()
    {
        _model ??= await open().ConfigureAwait(false);
        return _model.Generator.GetService(typeof(EmbeddingLimits)) is EmbeddingLimits limits ? limits.MaxConcurrency : 1;
    }
}
