using System.Globalization;
using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>
/// Copies a collection unchanged to another location: ids, texts, exact metadata, bit-identical vectors, order. Does not call a model.
/// Skips documents that are already identical in the target, so an interrupted copy resumes where it stopped.
/// </summary>
internal sealed class CollectionCopier(CollectionStore source, CollectionStore target)
{
    private const int BatchSize = 512;
    private const int Sample = 100;

    private readonly Dictionary<string, StoredDocument> _sample = new(StringComparer.Ordinal);
    private readonly string _space = source.Manifest.Fingerprint;
    private long _copied;
    private long _same;

    public async Task<CopyResult> RunAsync(IProgress<CopyProgress>? progress, CancellationToken cancellationToken)
    {
        long total = await source.CountAsync(cancellationToken).ConfigureAwait(false);
        long every = Math.Max(1, total / Sample),
            seen = 0;
        target.BeginBulkWrite();
        IAsyncEnumerator<IReadOnlyList<StoredDocument>> batches = source
            .ListAsync(BatchSize, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (batches.ConfigureAwait(false))
        {
            Task<bool> reading = batches.MoveNextAsync().AsTask();
            while (await reading.ConfigureAwait(false))
            {
                IReadOnlyList<StoredDocument> batch = batches.Current;
                // The next batch is read while one is written.
                reading = batches.MoveNextAsync().AsTask();
                try
                {
                    foreach (StoredDocument document in batch)
                    {
                        if (document.ModelFingerprint is { } space && space != _space)
                            throw Moved(source);
                        if (seen++ % every == 0 && _sample.Count < Sample)
                            _sample[document.Id] = document;
                    }

                    await WriteAsync(batch, cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    // An enumerator is not disposed while it reads.
                    await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    throw;
                }

                progress?.Report(new(seen, total));
            }
        }

        await source.RefreshAsync(cancellationToken).ConfigureAwait(false);
        if (source.Manifest.Fingerprint != _space)
            throw Moved(source);
        await target.EndBulkWriteAsync(cancellationToken).ConfigureAwait(false);
        return new(target.Name, await VerifyAsync(cancellationToken).ConfigureAwait(false), _copied, _same, _sample.Count);
    }

    private static SextantException Moved(CollectionStore collection) =>
        new($"{collection.Name} was moved to another model during the copy; start again with an empty target");

    private async Task WriteAsync(IReadOnlyList<StoredDocument> batch, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredState?> states = await target
            .FindStatesAsync([.. batch.Select(d => d.Id)], cancellationToken)
            .ConfigureAwait(false);
        List<IncomingDocument> missing = [];
        for (int i = 0; i < batch.Count; i++)
        {
            StoredDocument document = batch[i];
            byte[] hash = IncomingDocument.HashText(document.Text);
            if (
                states[i] is { } there
                && there.TextHash.AsSpan().SequenceEqual(hash)
                && there.Metadata == document.Metadata
                && there.Source == document.Source
            )
            {
                continue;
            }

            missing.Add(
                new(document.Id, document.Text, hash, MetadataJson.Require(document.Metadata, document.Id), document.Source)
                {
                    Vector = document.Vector,
                    GivenVector = document.GivenVector,
                    ModelFingerprint = _space,
                }
            );
        }

        _same += batch.Count - missing.Count;
        _copied += missing.Count;
        if (missing.Count > 0 && await target.UpsertAsync(missing, cancellationToken).ConfigureAwait(false) is null)
            throw Moved(target);
    }

    private async Task<long> VerifyAsync(CancellationToken cancellationToken)
    {
        long copied = _copied + _same,
            held = await target.CountAsync(cancellationToken).ConfigureAwait(false);
        if (held != copied)
        {
            throw new SextantException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target.Name} has {held} documents and {source.Name} provided {copied}: it had others before, or one of them was "
                        + $"changed during the copy"
                )
            );
        }

        foreach ((string id, StoredDocument expected) in _sample)
        {
            StoredDocument? found = await target.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (
                found is null
                || found.Text != expected.Text
                || found.Metadata != expected.Metadata
                || found.Source != expected.Source
                || !found.Vector.AsSpan().SequenceEqual(expected.Vector)
            )
            {
                throw new SextantException($"{target.Name}: document '{id}' differs from the one in {source.Name}");
            }
        }

        return held;
    }
}
