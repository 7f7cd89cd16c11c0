using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Search.Storage;

namespace Sextant.VectorData;

public partial class SextantCollection<TKey, TRecord>
{
    /// <inheritdoc/>
    public override IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue,
        int top,
        VectorSearchOptions<TRecord>? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new();
        return SearchAsync(
            new Request(searchValue, top, options.Skip)
            {
                Property = _model.GetVectorPropertyOrSingle(options),
                Filter = options.Filter,
                Threshold = options.ScoreThreshold,
                IncludeVectors = IncludesVectors(options.IncludeVectors),
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<VectorSearchResult<TRecord>> HybridSearchAsync<TInput>(
        TInput searchValue,
        ICollection<string> keywords,
        int top,
        HybridSearchOptions<TRecord>? options = null,
        CancellationToken cancellationToken = default
    )
        where TInput : notnull
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentNullException.ThrowIfNull(keywords);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new();
        bool isTextAlone = options.AdditionalProperty is null && _mapper.Text is null && _mapper.IsTextEmbedded;
        return SearchAsync(
            new Request(searchValue, top, options.Skip)
            {
                Property = _model.GetVectorPropertyOrSingle<TRecord>(new() { VectorProperty = options.VectorProperty }),
                Keywords = KeywordAnalyzer.ParseQuery(string.Join(' ', keywords)),
                Text = isTextAlone ? null : _model.GetFullTextDataPropertyOrSingle(options.AdditionalProperty),
                Filter = options.Filter,
                Threshold = options.ScoreThreshold,
                IncludeVectors = IncludesVectors(options.IncludeVectors),
            },
            cancellationToken
        );
    }

    private async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync(
        Request request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        FilterExpression? filter = Translate(request.Filter);
        // Where nothing can embed the value, that is the error, whether the collection exists or not.
        if (AsVector(request.Value) is null)
            await RequireGeneratorAsync(request, cancellationToken).ConfigureAwait(false);
        SemanticSearchEngine engine = await _engine.GetAsync(create: false, cancellationToken).ConfigureAwait(false);
        VectorDistance distance = new VectorDistance(request.Property.DistanceFunction).Or(engine.Store.Manifest.Metric);
        bool isSearchedByEngine =
            request.Property == _mapper.Main && distance.IsIndexed && (request.Keywords is null || request.Text == _mapper.Text);
        IReadOnlyList<(Document Document, double Score)> hits = isSearchedByEngine
            ? await SearchIndexAsync(engine, request, filter, distance, cancellationToken).ConfigureAwait(false)
            : await ExhaustiveSearch<TRecord>
                .RunAsync(
                    engine,
                    _mapper,
                    new(await VectorOfAsync(engine, request, cancellationToken).ConfigureAwait(false), request.Property, distance)
                    {
                        Top = request.Top,
                        Skip = request.Skip,
                        Threshold = request.Threshold,
                        Filter = filter,
                        Keywords = request.Keywords,
                        Text = request.Text,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        foreach ((Document document, double score) in hits)
            yield return new(_mapper.ToRecord(document, request.IncludeVectors), score);
    }

    private static async Task<IReadOnlyList<(Document Document, double Score)>> SearchIndexAsync(
        SemanticSearchEngine engine,
        Request request,
        FilterExpression? filter,
        VectorDistance distance,
        CancellationToken cancellationToken
    )
    {
        CollectionQuery query = new()
        {
            Keywords = request.Keywords ?? [],
            Mode = request.Keywords is null ? SearchMode.Semantic : SearchMode.Hybrid,
            Filter = filter,
            Count = request.Top,
            Offset = request.Skip,
            MinScore = request.Threshold is { } threshold ? distance.ToEngine(threshold) : null,
        };
        IReadOnlyList<CollectionHit> hits =
            AsVector(request.Value) is null && ReferenceEquals(request.Property.EmbeddingGenerator, EngineModel.Instance)
                ? await engine.SearchAsync((string)request.Value, query, cancellationToken).ConfigureAwait(false)
                : await engine
                    .Store.SearchAsync(
                        query with
                        {
                            Vector = ComparedVector(engine, await VectorOfAsync(engine, request, cancellationToken).ConfigureAwait(false)),
                        },
                        cancellationToken
                    )
                    .ConfigureAwait(false);
        List<(Document, double)> found = [];
        foreach (CollectionHit hit in hits)
        {
            // Where the store returned no vector, text and vector are read again together, and a document that is gone by now is left out.
            StoredDocument? stored =
                request.IncludeVectors && hit.Document.Vector is null
                    ? await engine.Store.FindAsync(hit.Document.Id, cancellationToken).ConfigureAwait(false)
                    : hit.Document;
            if (stored is not null)
                found.Add((stored.ToDocument(), distance.FromEngine(hit.Score)));
        }

        return found;
    }

    private static ReadOnlyMemory<float> ComparedVector(SemanticSearchEngine engine, ReadOnlyMemory<float> vector) =>
        Search.CollectionModel.ToComparedVector(vector, engine.Store.Manifest, "the query");

    private static async Task<ReadOnlyMemory<float>> VectorOfAsync(
        SemanticSearchEngine engine,
        Request request,
        CancellationToken cancellationToken
    ) =>
        AsVector(request.Value)
        ?? (
            ReferenceEquals(request.Property.EmbeddingGenerator, EngineModel.Instance)
                ? (
                    await engine.EmbedAsync([(string)request.Value], Embedding.EmbeddingRole.Query, cancellationToken).ConfigureAwait(false)
                )[0]
                : (
                    (Microsoft.Extensions.AI.Embedding<float>)
                        await request.Property.GenerateEmbeddingAsync(request.Value, cancellationToken).ConfigureAwait(false)
                ).Vector
        );

    private async Task RequireGeneratorAsync(Request request, CancellationToken cancellationToken)
    {
        VectorPropertyModel property = request.Property;
        bool isByEngine = ReferenceEquals(property.EmbeddingGenerator, EngineModel.Instance);
        if (isByEngine && request.Value is string && await _engine.HasModelAsync(cancellationToken).ConfigureAwait(false))
            return;
        if (!isByEngine && property.EmbeddingGenerationDispatcher is not null)
            return;
        throw isByEngine
            ? new NotSupportedException(
                VectorDataStrings.InvalidSearchInputAndNoEmbeddingGeneratorWasConfigured(
                    request.Value.GetType(),
                    SextantModelBuilder.VectorTypes
                )
            )
            : new InvalidOperationException(
                VectorDataStrings.IncompatibleEmbeddingGeneratorWasConfiguredForInputType(
                    request.Value.GetType(),
                    property.EmbeddingGenerator!.GetType()
                )
            );
    }

    private async IAsyncEnumerable<TRecord> ListAsync(
        Expression<Func<TRecord, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<TRecord> options,
        bool vectors,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        SemanticSearchEngine engine = await _engine.GetAsync(create: false, cancellationToken).ConfigureAwait(false);
        Func<Document, TRecord, bool> isWanted = Condition(filter);
        List<TRecord> found = [];
        int enough = options.OrderBy is not null ? int.MaxValue : (int)Math.Min(int.MaxValue, (long)top + options.Skip);
        await foreach (Document document in engine.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (found.Count == enough)
                break;
            TRecord record = _mapper.ToRecord(document, vectors);
            if (isWanted(document, record))
                found.Add(record);
        }

        IOrderedEnumerable<TRecord> sorted = found.Order(Comparer<TRecord>.Create(static (_, _) => 0));
        foreach (FilteredRecordRetrievalOptions<TRecord>.OrderByDefinition.SortInfo by in options.OrderBy?.Invoke(new()).Values ?? [])
        {
            Func<TRecord, object?> value = _model.GetDataOrKeyProperty(by.PropertySelector).GetValueAsObject;
            sorted = by.Ascending ? sorted.ThenBy(value) : sorted.ThenByDescending(value);
        }

        foreach (TRecord record in sorted.Skip(options.Skip).Take(top))
            yield return record;
    }

    // A condition that the filter language lacks is evaluated on the records, which are all read anyway.
    private Func<Document, TRecord, bool> Condition(Expression<Func<TRecord, bool>> filter)
    {
        try
        {
            FilterExpression translated = Translate(filter)!;
            return (document, _) => FilterEvaluator.Matches(translated, document.Metadata ?? []);
        }
        catch (NotSupportedException)
        {
            Func<TRecord, bool> compiled = filter.Compile();
            return (_, record) => compiled(record);
        }
    }

    private sealed record Request(object Value, int Top, int Skip)
    {
        public required VectorPropertyModel Property { get; init; }

        /// <summary>The words of a hybrid search; <see langword="null"/> in a search by vector alone.</summary>
        public IReadOnlyList<string>? Keywords { get; init; }

        /// <summary>The property that the words are looked for in; <see langword="null"/> for the text that the engine embeds.</summary>
        public DataPropertyModel? Text { get; init; }

        public Expression<Func<TRecord, bool>>? Filter { get; init; }

        public double? Threshold { get; init; }

        public bool IncludeVectors { get; init; }
    }
}
