using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.VectorData;

/// <summary>One of our collections as a <c>Microsoft.Extensions.VectorData</c> collection. It is opened when it is first needed.</summary>
internal sealed class SextantVectorStoreCollection<TKey, TRecord>(
    string name,
    Func<CollectionLocation> open,
    SemanticSearchEngineOptions options,
    RecordModel<TRecord> model
) : VectorStoreCollection<TKey, TRecord>, IKeywordHybridSearchable<TRecord>
    where TKey : notnull
    where TRecord : class
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private SemanticSearchEngine? _engine;

    public override string Name => name;

    /// <summary>See <see cref="SextantVectorStore.TextOptions"/>.</summary>
    public SemanticSearchEngineOptions? TextOptions { get; init; }

    public override async Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default)
    {
        CollectionLocation found = open();
        await using (found.ConfigureAwait(false))
            return await found.ReadManifestAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    public override async Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) =>
        await EngineAsync(create: true, cancellationToken).ConfigureAwait(false);

    public override async Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default)
    {
        await CloseAsync().ConfigureAwait(false);
        CollectionLocation found = open();
        await using (found.ConfigureAwait(false))
            await found.DeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task<TRecord?> GetAsync(
        TKey key,
        RecordRetrievalOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        SemanticSearchEngine engine = await EngineAsync(create: false, cancellationToken).ConfigureAwait(false);
        return await engine.GetAsync(RecordModel<TRecord>.IdOf(key), cancellationToken).ConfigureAwait(false) is { } found
            ? model.ToRecord(found, options?.IncludeVectors == true)
            : null;
    }

    public override async IAsyncEnumerable<TRecord> GetAsync(
        Expression<Func<TRecord, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<TRecord>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        SemanticSearchEngine engine = await EngineAsync(create: false, cancellationToken).ConfigureAwait(false);
        Func<TRecord, bool> wanted = filter.Compile();
        List<TRecord> found = [];
        bool ordered = options?.OrderBy is not null;
        int enough = ordered ? int.MaxValue : (int)Math.Min(int.MaxValue, (long)top + (options?.Skip ?? 0));
        await foreach (Document document in engine.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (found.Count == enough)
                break;
            TRecord record = model.ToRecord(document, options?.IncludeVectors == true);
            if (wanted(record))
                found.Add(record);
        }

        IOrderedEnumerable<TRecord> sorted = found.Order(Comparer<TRecord>.Create(static (_, _) => 0));
        foreach (FilteredRecordRetrievalOptions<TRecord>.OrderByDefinition.SortInfo by in options?.OrderBy?.Invoke(new()).Values ?? [])
        {
            Func<TRecord, object?> value = by.PropertySelector.Compile();
            sorted = by.Ascending ? sorted.ThenBy(value) : sorted.ThenByDescending(value);
        }

        foreach (TRecord record in sorted.Skip(options?.Skip ?? 0).Take(top))
            yield return record;
    }

    public override async Task DeleteAsync(TKey key, CancellationToken cancellationToken = default) =>
        await DeleteAsync([key], cancellationToken).ConfigureAwait(false);

    public override async Task DeleteAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        SemanticSearchEngine engine = await EngineAsync(create: false, cancellationToken).ConfigureAwait(false);
        await engine.DeleteAsync(keys.Select(key => RecordModel<TRecord>.IdOf(key)), cancellationToken).ConfigureAwait(false);
    }

    public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default) =>
        UpsertAsync([record], cancellationToken);

    public override async Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
    {
        SemanticSearchEngine engine = await EngineAsync(create: false, cancellationToken).ConfigureAwait(false);
        Document[] documents = [.. records.Select(model.ToDocument)];
        List<string> moved = [];
        foreach (Document document in documents)
        {
            IncomingDocument incoming = engine.StagedWriter.Prepare(document);
            if (!incoming.HasGivenVector)
                continue;
            float[]? stored = await engine.Store.FindVectorAsync(incoming.Id, cancellationToken).ConfigureAwait(false);
            // A text that is the same keeps its vector, so a document of which only the vector changes is added again.
            if (stored is not null && !stored.AsSpan().SequenceEqual(incoming.Vector))
                moved.Add(incoming.Id);
        }

        if (moved.Count > 0)
            await engine.DeleteAsync(moved, cancellationToken).ConfigureAwait(false);
        await engine.AddDocumentsAsync(documents, cancellationToken).ConfigureAwait(false);
    }

    public override IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue,
        int top,
        VectorSearchOptions<TRecord>? options = null,
        CancellationToken cancellationToken = default
    ) =>
        SearchAsync(
            searchValue,
            null,
            top,
            options?.Filter,
            options?.Skip ?? 0,
            options?.ScoreThreshold,
            options?.IncludeVectors == true,
            cancellationToken
        );

    public IAsyncEnumerable<VectorSearchResult<TRecord>> HybridSearchAsync<TInput>(
        TInput searchValue,
        ICollection<string> keywords,
        int top,
        HybridSearchOptions<TRecord>? options = null,
        CancellationToken cancellationToken = default
    )
        where TInput : notnull =>
        SearchAsync(
            searchValue,
            keywords,
            top,
            options?.Filter,
            options?.Skip ?? 0,
            options?.ScoreThreshold,
            options?.IncludeVectors == true,
            cancellationToken
        );

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreCollectionMetadata)
                ? new VectorStoreCollectionMetadata { VectorStoreSystemName = "sextant", CollectionName = name }
            : serviceType == typeof(SemanticSearchEngine) ? _engine
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The abstraction has no asynchronous end.
            CloseAsync().GetAwaiter().GetResult();
            _opening.Dispose();
        }

        base.Dispose(disposing);
    }

    private async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync(
        object value,
        ICollection<string>? keywords,
        int top,
        Expression<Func<TRecord, bool>>? filter,
        int skip,
        double? threshold,
        bool vectors,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        SemanticSearchEngine engine = await EngineAsync(create: false, cancellationToken).ConfigureAwait(false);
        bool isDistance = model.Vector.DistanceFunction == DistanceFunction.CosineDistance;
        CollectionQuery query = new()
        {
            Keywords = keywords is null ? [] : KeywordAnalyzer.ParseQuery(string.Join(' ', keywords)),
            Mode = keywords is null ? SearchMode.Semantic : SearchMode.Hybrid,
            Filter = filter is null ? null : new FilterTranslation(model.StoredAs).Write(filter),
            Count = top,
            Offset = skip,
            MinScore = threshold is { } least ? (float)(isDistance ? 1 - least : least) : null,
        };
        IReadOnlyList<CollectionHit> hits = value is string text
            ? await engine.SearchAsync(text, query, cancellationToken).ConfigureAwait(false)
            : await engine
                .Store.SearchAsync(
                    query with
                    {
                        Vector = CollectionModel.ToUnitVector(Given(value), engine.Model.Dimensions, "the query"),
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        foreach (CollectionHit hit in hits)
        {
            // Where the store returned no vector, text and vector are read again together, and a document that is gone by now is left out.
            StoredDocument? stored =
                vectors && hit.Document.Vector is null
                    ? await engine.Store.FindAsync(hit.Document.Id, cancellationToken).ConfigureAwait(false)
                    : hit.Document;
            if (stored is null)
                continue;
            Document document = stored.ToDocument();
            yield return new(model.ToRecord(document, vectors), isDistance ? 1 - hit.Score : hit.Score);
        }
    }

    private static ReadOnlyMemory<float> Given(object value) =>
        value switch
        {
            ReadOnlyMemory<float> memory => memory,
            float[] array => array,
            Embedding<float> embedding => embedding.Vector,
            _ => throw new NotSupportedException($"a search takes a vector or a text, not a {value.GetType().Name}"),
        };

    private async Task<SemanticSearchEngine> EngineAsync(bool create, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _engine ??= await OpenAsync(create, cancellationToken).ConfigureAwait(false);
        }
        catch (InputException e) when (!create)
        {
            throw new VectorStoreException(e.Message, e)
            {
                VectorStoreSystemName = "sextant",
                CollectionName = name,
                OperationName = "Open",
            };
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<SemanticSearchEngine> OpenAsync(bool create, CancellationToken cancellationToken)
    {
        CollectionLocation found = open();
        SemanticSearchEngineOptions chosen;
        try
        {
            Manifest? manifest = await found.ReadManifestAsync(cancellationToken).ConfigureAwait(false);
            chosen = await OptionsAsync(manifest, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await found.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return await SemanticSearchEngine
            .OpenAsync(found, chosen with { CreateIfMissing = create }, model: null, cancellationToken)
            .ConfigureAwait(false);
    }

    // The record's own generator first, then the store's model, then the collection's, then the built-in one for texts.
    private async Task<SemanticSearchEngineOptions> OptionsAsync(Manifest? manifest, CancellationToken cancellationToken)
    {
        if (model.OwnGenerator is { } own)
            return options with { Generator = own };
        bool exists = manifest is not null && manifest.Model.Provider != GivenVectors.Provider;
        SemanticSearchEngineOptions named = model.IsEmbedded && TextOptions is not null ? TextOptions : options;
        SemanticSearchEngineOptions withoutModel = named with { Generator = null, Model = null };
        if (named.Generator is not null || named.Model is not null)
        {
            return exists && TextOptions is not null && !await FitsAsync(named, manifest!, cancellationToken).ConfigureAwait(false)
                ? withoutModel with
                {
                    Pipeline = named.Pipeline is null ? null : named.Pipeline with { Dimensions = null },
                }
                : named;
        }

        return exists || (manifest is null && model.IsEmbedded)
            ? withoutModel
            : options with
            {
                Generator = new GivenVectors(model.Vector.Dimensions),
            };
    }

    private static async Task<bool> FitsAsync(SemanticSearchEngineOptions named, Manifest manifest, CancellationToken cancellationToken)
    {
        if (named.Generator is null)
            return false;
        using CollectionModel opened = await CollectionModel.OpenAsync(named, manifest, cancellationToken).ConfigureAwait(false);
        return opened.Profile.Fingerprint == manifest.Fingerprint;
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _engine, null) is { } engine)
            await engine.DisposeAsync().ConfigureAwait(false);
    }
}
