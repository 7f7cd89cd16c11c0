using System.Linq.Expressions;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using Sextant.Search.Filters;
using Sextant.Search.Storage;
using RecordModel = Microsoft.Extensions.VectorData.ProviderServices.CollectionModel;

namespace Sextant.VectorData;

/// <summary>
/// A collection as a <c>Microsoft.Extensions.VectorData</c> collection, from <see cref="SextantVectorStore.GetCollection"/>. It is opened
/// when it is first needed.
/// </summary>
/// <typeparam name="TKey">The type of keys: <see cref="string"/>, <see cref="Guid"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
/// <typeparam name="TRecord">The type of records.</typeparam>
public partial class SextantCollection<TKey, TRecord> : VectorStoreCollection<TKey, TRecord>, IKeywordHybridSearchable<TRecord>
    where TKey : notnull
    where TRecord : class
{
    private readonly Func<CollectionLocation> _find;
    private readonly RecordMapper<TRecord> _mapper;
    private readonly RecordModel _model;
    private readonly OpenedEngine _engine;

    internal SextantCollection(
        string name,
        Func<CollectionLocation> find,
        SextantVectorStore store,
        VectorStoreCollectionDefinition? definition
    )
    {
        Name = name;
        _find = find;
        _model = SextantModelBuilder.Create<TRecord>(typeof(TKey), definition, store.EmbeddingGenerator);
        _mapper = new(_model);
        // An unknown function is rejected before anything is stored.
        foreach (VectorPropertyModel property in _model.VectorProperties)
            _ = new VectorDistance(property.DistanceFunction).Metric;
        _engine = new(name, find, store, _mapper.Main, _mapper.IsEmbeddedByEngine);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override async Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default)
    {
        CollectionLocation found = _find();
        await using (found.ConfigureAwait(false))
            return await found.ReadManifestAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <inheritdoc/>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) =>
        _engine.GetAsync(create: true, cancellationToken);

    /// <inheritdoc/>
    public override async Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default)
    {
        await _engine.CloseAsync().ConfigureAwait(false);
        CollectionLocation found = _find();
        await using (found.ConfigureAwait(false))
            await found.DeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task<TRecord?> GetAsync(
        TKey key,
        RecordRetrievalOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(key);
        bool vectors = IncludesVectors(options?.IncludeVectors);
        SemanticSearchEngine engine = await _engine.GetAsync(create: false, cancellationToken).ConfigureAwait(false);
        return await engine.GetAsync(RecordMapper<TRecord>.IdOf(key), cancellationToken).ConfigureAwait(false) is { } found
            ? _mapper.ToRecord(found, vectors)
            : null;
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<TRecord> GetAsync(
        Expression<Func<TRecord, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<TRecord>? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        return ListAsync(filter, top, options ?? new(), IncludesVectors(options?.IncludeVectors), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return DeleteAsync([key], cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task DeleteAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        string[] ids = [.. keys.Select(key => RecordMapper<TRecord>.IdOf(key))];
        SemanticSearchEngine engine = await _engine.GetAsync(create: false, cancellationToken).ConfigureAwait(false);
        if (ids.Length > 0)
            await engine.DeleteAsync(ids, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return UpsertAsync([record], cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        TRecord[] all = [.. records];
        if (all.Length == 0)
            return;
        SemanticSearchEngine engine = await _engine.GetAsync(create: false, cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<float>?[][] vectors = await VectorsAsync(engine, all, cancellationToken).ConfigureAwait(false);
        await engine
            .AddDocumentsAsync(
                all.Select((record, i) => _mapper.ToDocument(record, _mapper.EnsureKey(record), vectors[i])),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreCollectionMetadata)
                ? new VectorStoreCollectionMetadata { VectorStoreSystemName = SextantVectorStore.SystemName, CollectionName = Name }
            : serviceType == typeof(SemanticSearchEngine) ? _engine.Current
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _engine.Dispose();
        base.Dispose(disposing);
    }

    private bool IncludesVectors(bool? asked) =>
        asked == true && _model.EmbeddingGenerationRequired
            ? throw new NotSupportedException(VectorDataStrings.IncludeVectorsNotSupportedWithEmbeddingGeneration)
            : asked == true;

    private FilterExpression? Translate(Expression<Func<TRecord, bool>>? filter) =>
        filter is null ? null : new FilterTranslation(_model, _mapper.FieldOf).Translate(filter);

    // For each record the vectors of all properties. What the engine is to embed as the text of the document stays null.
    private async Task<ReadOnlyMemory<float>?[][]> VectorsAsync(
        SemanticSearchEngine engine,
        TRecord[] records,
        CancellationToken cancellationToken
    )
    {
        ReadOnlyMemory<float>?[][] vectors = Array.ConvertAll(records, _ => new ReadOnlyMemory<float>?[_model.VectorProperties.Count]);
        for (int p = 0; p < _model.VectorProperties.Count; p++)
        {
            VectorPropertyModel property = _model.VectorProperties[p];
            object?[] values = Array.ConvertAll(records, property.GetValueAsObject);
            if (RecordMapper<TRecord>.IsEmbedded(property))
            {
                int[] given =
                [
                    .. Enumerable.Range(0, values.Length).Where(i => values[i] is not null && !IsText(p, records[i], values[i])),
                ];
                object?[] inputs = [.. given.Select(i => values[i])];
                IReadOnlyList<ReadOnlyMemory<float>> made = await EmbedAsync(engine, property, inputs, cancellationToken)
                    .ConfigureAwait(false);
                for (int i = 0; i < given.Length; i++)
                    vectors[given[i]][p] = made[i];
            }
            else
            {
                for (int i = 0; i < values.Length; i++)
                    vectors[i][p] = values[i] is { } value ? AsVector(value) : null;
            }

            for (int i = 0; p == 0 && i < values.Length; i++)
            {
                if (values[i] is null)
                    throw new InvalidOperationException($"a record has no value in its vector property {property.ModelName}");
            }
        }

        return vectors;
    }

    private bool IsText(int property, TRecord record, object? value) =>
        property == 0
        && _mapper.IsEmbeddedByEngine
        && (_mapper.Text is not { } text || (string?)text.GetValueAsObject(record) == (string?)value);

    private static async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        SemanticSearchEngine engine,
        VectorPropertyModel property,
        object?[] values,
        CancellationToken cancellationToken
    )
    {
        if (values.Length == 0)
            return [];
        if (ReferenceEquals(property.EmbeddingGenerator, EngineModel.Instance))
        {
            return
            [
                .. (await engine.EmbedAsync(values.Cast<string>(), cancellationToken: cancellationToken).ConfigureAwait(false)).Select(
                    vector => (ReadOnlyMemory<float>)vector
                ),
            ];
        }

        IReadOnlyList<Microsoft.Extensions.AI.Embedding> made = await property
            .GenerateEmbeddingsAsync(values, cancellationToken)
            .ConfigureAwait(false);
        return [.. made.Select(embedding => ((Microsoft.Extensions.AI.Embedding<float>)embedding).Vector)];
    }

    private static ReadOnlyMemory<float>? AsVector(object? value) =>
        value switch
        {
            ReadOnlyMemory<float> memory => memory,
            float[] array => array,
            Microsoft.Extensions.AI.Embedding<float> embedding => embedding.Vector,
            // Typed, because a null array would become an empty vector.
            _ => (ReadOnlyMemory<float>?)null,
        };
}
