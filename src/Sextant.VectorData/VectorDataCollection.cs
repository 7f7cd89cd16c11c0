using System.Globalization;
using Microsoft.Extensions.VectorData;
using Sextant.Search;
using Sextant.Search.Storage;
using Records = Microsoft.Extensions.VectorData.VectorStoreCollection<object, System.Collections.Generic.Dictionary<string, object?>>;

namespace Sextant.VectorData;

/// <summary>
/// A collection in any store that has a <c>Microsoft.Extensions.VectorData</c> connector. The vectors are searched by the store; filters
/// and words are looked at here, because metadata may hold any field and stores know only those that are declared.
/// </summary>
/// <remarks>All of a batch or nothing is what the store's own <c>UpsertAsync</c> makes of it.</remarks>
internal sealed partial class VectorDataCollection(string name, Records records, Type keyType, Manifest manifest) : CollectionStore
{
    private const int ScanBatch = 1000;

    private static readonly RecordRetrievalOptions WithVectors = new() { IncludeVectors = true };

    // Held while documents get their places, so that each has its own.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _lastPlace;

    public override string Name => name;

    public override Manifest Manifest => manifest;

    public override async Task<StoredDocument?> FindAsync(string id, CancellationToken cancellationToken) =>
        await records.GetAsync(KeyOf(id), WithVectors, cancellationToken).ConfigureAwait(false) is { } record
            ? VectorDataRecord.Read(record, manifest)
            : null;

    public override async Task<float[]?> FindVectorAsync(string id, CancellationToken cancellationToken) =>
        (await FindAsync(id, cancellationToken).ConfigureAwait(false))?.Vector;

    public override async Task<IReadOnlyList<StoredState?>> FindStatesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Dictionary<string, StoredState> states = (await RecordsAsync(ids, null, cancellationToken).ConfigureAwait(false)).ToDictionary(
            record => (string)record[VectorDataRecord.Id]!,
            VectorDataRecord.State,
            StringComparer.Ordinal
        );
        return [.. ids.Select(id => states.TryGetValue(id, out StoredState state) ? state : (StoredState?)null)];
    }

    public override async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (StoredDocument _ in ScanAsync(vectors: false, cancellationToken).ConfigureAwait(false))
            count++;
        return count;
    }

    public override async Task<long> GetLastKeyAsync(CancellationToken cancellationToken)
    {
        FilteredRecordRetrievalOptions<Dictionary<string, object?>> options = new()
        {
            OrderBy = order => order.Descending(record => record[VectorDataRecord.Place]),
        };
        Dictionary<string, object?>? last = await records
            .GetAsync(record => (long)record[VectorDataRecord.Place]! > 0, 1, options, cancellationToken)
            .FirstOrDefaultAsync(cancellationToken)
            .ConfigureAwait(false);
        return last is null ? 0 : (long)last[VectorDataRecord.Place]!;
    }

    public override Task<IReadOnlyList<StoredDocument>> ReadAsync(long afterKey, int limit, CancellationToken cancellationToken) =>
        ReadAsync(afterKey, limit, vectors: true, cancellationToken);

    public override async Task<IReadOnlyList<string>> FindIdsBySourceAsync(
        string source,
        Func<string, string, bool> predicate,
        CancellationToken cancellationToken
    )
    {
        string within = Path.TrimEndingDirectorySeparator(source) + Path.DirectorySeparatorChar;
        List<string> ids = [];
        await foreach (StoredDocument document in ScanAsync(vectors: false, cancellationToken).ConfigureAwait(false))
        {
            if (
                (document.Source == source || document.Source.StartsWith(within, StringComparison.Ordinal))
                && predicate(document.Id, document.Source)
            )
            {
                ids.Add(document.Id);
            }
        }

        return ids;
    }

    public override async Task<IReadOnlyList<WriteEffect>?> UpsertAsync(
        IReadOnlyList<IncomingDocument> documents,
        CancellationToken cancellationToken
    )
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Dictionary<string, Dictionary<string, object?>> there = (
                await RecordsAsync([.. documents.Select(d => d.Id)], WithVectors, cancellationToken).ConfigureAwait(false)
            ).ToDictionary(record => (string)record[VectorDataRecord.Id]!, StringComparer.Ordinal);
            WriteEffect[] effects = new WriteEffect[documents.Count];
            List<Dictionary<string, object?>> changed = [];
            for (int i = 0; i < effects.Length; i++)
            {
                IncomingDocument document = documents[i];
                there.TryGetValue(document.Id, out Dictionary<string, object?>? record);
                StoredState? state = record is null ? null : VectorDataRecord.State(record);
                float[]? incoming = document.GivenVector ?? document.Vector;
                // A vector that came with its document may be another one for the same text.
                bool sameText =
                    state is { } s
                    && s.TextHash.AsSpan().SequenceEqual(document.TextHash)
                    && (!document.HasGivenVector || incoming.AsSpan().SequenceEqual(VectorDataRecord.GivenVector(record!)));
                if (sameText && state!.Value.Metadata == document.Metadata && state.Value.Source == document.Source)
                    continue;
                if ((sameText ? VectorDataRecord.GivenVector(record!) : incoming) is not { } vector)
                    return null;
                effects[i] = record is null ? WriteEffect.Added : WriteEffect.Updated;
                changed.Add(VectorDataRecord.Write(document, vector, state?.Key ?? NextPlace(), keyType));
            }

            if (changed.Count > 0)
                await records.UpsertAsync(changed, cancellationToken).ConfigureAwait(false);
            return effects;
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async Task<int> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        List<Dictionary<string, object?>> there = await RecordsAsync([.. ids.Distinct(StringComparer.Ordinal)], null, cancellationToken)
            .ConfigureAwait(false);
        if (there.Count > 0)
            await records.DeleteAsync(there.Select(record => record[VectorDataRecord.Key]!), cancellationToken).ConfigureAwait(false);
        return there.Count;
    }

    public override async Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        new()
        {
            Location = name,
            Documents = await CountAsync(cancellationToken).ConfigureAwait(false),
            Model = manifest.Model,
            Fingerprint = manifest.Fingerprint,
            Index = manifest.Index,
            FormatVersion = 1,
            Created = manifest.Created,
            // What it takes there, only the store knows.
            DocumentsBytes = 0,
            IndexBytes = 0,
        };

    public override async Task<CollectionVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        List<string> problems = [];
        long count = 0;
        for (
            long after = 0;
            await ReadAsync(after, ScanBatch, cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch;
            after = batch[^1].Key
        )
        {
            count += batch.Count;
            foreach (StoredDocument document in batch)
            {
                if (document.Vector?.Length != manifest.Dimensions)
                {
                    problems.Add(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"the vector of document '{document.Id}' does not have {manifest.Dimensions} dimensions"
                        )
                    );
                }
            }
        }

        return new(count, problems, Recall: null);
    }

    /// <summary>The store manages its own space.</summary>
    public override Task CompactAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        records.Dispose();
        _writing.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<StoredDocument>> ReadAsync(long after, int limit, bool vectors, CancellationToken cancellationToken)
    {
        FilteredRecordRetrievalOptions<Dictionary<string, object?>> options = new()
        {
            IncludeVectors = vectors,
            OrderBy = order => order.Ascending(record => record[VectorDataRecord.Place]),
        };
        List<StoredDocument> documents = [];
        await foreach (
            Dictionary<string, object?> record in records
                .GetAsync(record => (long)record[VectorDataRecord.Place]! > after, limit, options, cancellationToken)
                .ConfigureAwait(false)
        )
        {
            documents.Add(VectorDataRecord.Read(record, manifest));
        }
        return documents;
    }

    private async IAsyncEnumerable<StoredDocument> ScanAsync(
        bool vectors,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (
            long after = 0;
            await ReadAsync(after, ScanBatch, vectors, cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch;
            after = batch[^1].Key
        )
        {
            foreach (StoredDocument document in batch)
                yield return document;
        }
    }

    private async Task<List<Dictionary<string, object?>>> RecordsAsync(
        IReadOnlyList<string> ids,
        RecordRetrievalOptions? options,
        CancellationToken cancellationToken
    )
    {
        List<Dictionary<string, object?>> found = [];
        if (ids.Count == 0)
            return found;
        await foreach (
            Dictionary<string, object?> record in records.GetAsync(ids.Select(KeyOf), options, cancellationToken).ConfigureAwait(false)
        )
        {
            found.Add(record);
        }

        return found;
    }

    private object KeyOf(string id) => VectorDataRecord.KeyOf(id, keyType);

    // Later documents have later places, across all processes.
    private long NextPlace() => _lastPlace = Math.Max(_lastPlace + 1, TimeProvider.System.GetUtcNow().Ticks);
}
