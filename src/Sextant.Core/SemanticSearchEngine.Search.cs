using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Search.Grouping;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
    /// <summary>Finds the documents most similar to <paramref name="query"/>, best first.</summary>
    /// <param name="query">A question, a phrase, a text.</param>
    /// <param name="topK">The maximum number of results; fewer if fewer documents match.</param>
    /// <param name="options">Filter, ranking, paging; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="InputException">The query is empty, or the filter malformed.</exception>
    public async Task<IReadOnlyList<SearchResult>> SearchAsync(
        string query,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        if (string.IsNullOrWhiteSpace(query))
            throw new InputException("the query is empty; write what to search for");
        options = Check(topK, options);
        if (options.GroupBy is not null)
        {
            return await ResultGroups
                .SearchAsync(topK, options, (depth, flat) => SearchAsync(query, depth, flat, cancellationToken))
                .ConfigureAwait(false);
        }

        return options.Rerank is not null || options.Reranker is not null
            ? await RerankAsync(query, topK, options, cancellationToken).ConfigureAwait(false)
            : Results(await FindAsync(query, topK, options, cancellationToken).ConfigureAwait(false), options);
    }

    /// <summary>Finds the documents whose vectors are nearest to <paramref name="vector"/>, best first.</summary>
    /// <param name="vector">A vector of the collection's own model; its length does not matter where the metric is the cosine.</param>
    /// <param name="topK">The maximum number of results; fewer if fewer documents match.</param>
    /// <param name="options">Filter and paging; a ranking by words and a reranker need a text.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="InputException">
    /// The vector has another number of dimensions, the filter is malformed, or a ranking by words or a reranker is asked for.
    /// </exception>
    public async Task<IReadOnlyList<SearchResult>> SearchAsync(
        ReadOnlyMemory<float> vector,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options = Check(topK, options);
        RequireByVector(options, "a vector");
        ThrowIfDisposed();
        if (options.GroupBy is not null)
        {
            return await ResultGroups
                .SearchAsync(topK, options, (depth, flat) => SearchAsync(vector, depth, flat, cancellationToken))
                .ConfigureAwait(false);
        }

        if (vector.Length != Model.Dimensions)
            await _collection.RefreshAsync(cancellationToken).ConfigureAwait(false);
        float[] unit = CollectionModel.ToComparedVector(vector, _collection.Manifest, "the query");
        IReadOnlyList<CollectionHit> hits = await _collection
            .SearchAsync(Query(unit, null, null, topK, options), cancellationToken)
            .ConfigureAwait(false);
        return Results(new(hits, options.Mode, HasCosine: true), options);
    }

    /// <summary>The first stage of a search, or the only one.</summary>
    private async Task<FoundDocuments> FindAsync(string text, int count, SearchOptions options, CancellationToken cancellationToken)
    {
        if (NeedsVector(options))
        {
            return await SearchAsync(
                    text,
                    (vector, space) => Query(vector, space, text, count, options),
                    options.OnNote,
                    cancellationToken,
                    options.EmbeddedQuery
                )
                .ConfigureAwait(false);
        }

        ThrowIfDisposed();
        while (true)
        {
            try
            {
                CollectionQuery byWords = Query(new float[Model.Dimensions], null, text, count, options);
                return new(
                    await _collection.SearchAsync(byWords, cancellationToken).ConfigureAwait(false),
                    SearchMode.Keyword,
                    HasCosine: false
                );
            }
            catch (ModelChangedException) { }
        }
    }

    // The score of a keyword search is BM25, so the model is called only if the caller also requests the cosine.
    private static bool NeedsVector(SearchOptions options) => options.Mode != SearchMode.Keyword || options.Explain;

    /// <summary>Searches the store with the vector of a text, for programs that need more than a <see cref="SearchResult"/>.</summary>
    /// <param name="text">The text. It is embedded again when the collection moves to another model during the search.</param>
    /// <param name="query">The query; its vector is set here.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The hits, best first. Where the model knows no part of the text, documents are found by its words.</returns>
    public async Task<IReadOnlyList<CollectionHit>> SearchAsync(
        string text,
        CollectionQuery query,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(query);
        return (
            await SearchAsync(
                    text,
                    (vector, fingerprint) => query with { Vector = vector, ModelFingerprint = fingerprint },
                    onNote: null,
                    cancellationToken
                )
                .ConfigureAwait(false)
        ).Hits;
    }

    private async Task<FoundDocuments> SearchAsync(
        string text,
        Func<float[], string?, CollectionQuery> query,
        Action<string>? onNote,
        CancellationToken cancellationToken,
        EmbeddedQuery? embedded = null
    )
    {
        while (true)
        {
            CollectionModel model = await ModelAsync(cancellationToken).ConfigureAwait(false);
            float[] vector =
                embedded is not null && embedded.Fingerprint == model.ModelFingerprint
                    ? embedded.Vector
                    : await model.EmbedQueryAsync(text, cancellationToken).ConfigureAwait(false);
            CollectionQuery asked = query(vector, model.ModelFingerprint);
            // Everything is equally far from a vector of zeros, so the first documents added would be nearest.
            bool isUnknown = !vector.AsSpan().ContainsAnyExcept(0f),
                isReplaced = isUnknown && asked.Mode != SearchMode.Keyword;
            if (isReplaced)
            {
                asked = asked with
                {
                    Mode = SearchMode.Keyword,
                    Keywords = asked.Keywords.Count > 0 ? asked.Keywords : KeywordAnalyzer.ParseQuery(text),
                    // The minimum is meant for cosines, and every cosine is 0 here.
                    MinScore = null,
                    Count = asked.MinScore > 0 ? 0 : asked.Count,
                };
            }

            try
            {
                IReadOnlyList<CollectionHit> hits = await _collection.SearchAsync(asked, cancellationToken).ConfigureAwait(false);
                if (isReplaced)
                    onNote?.Invoke($"the model {Model.Name} knows no word of the query, so only keyword search finds documents");
                return new(hits, asked.Mode, HasCosine: !isUnknown);
            }
            catch (ModelChangedException) { }
        }
    }

    private static CollectionQuery Query(float[] unit, string? space, string? text, int topK, SearchOptions options) =>
        new()
        {
            Vector = unit,
            ModelFingerprint = space,
            Keywords = text is null || options.Mode == SearchMode.Semantic ? [] : KeywordAnalyzer.ParseQuery(text),
            Mode = options.Mode,
            Filter = options.Filter,
            Count = topK,
            Offset = options.Offset,
            MinScore = options.MinScore,
            Exact = options.Exact,
            EfSearch = options.EfSearch,
        };

    private IReadOnlyList<SearchResult> Results(FoundDocuments found, SearchOptions options) =>
        [
            .. found.Hits.Select(
                (hit, i) =>
                {
                    int rank = options.Offset + i + 1;
                    bool isByWords = found.Mode == SearchMode.Keyword;
                    return new SearchResult(
                        rank,
                        hit.Document.Id,
                        isByWords ? hit.Keyword?.Score ?? 0 : hit.Score,
                        hit.Document.Text,
                        hit.Document.Metadata
                    )
                    {
                        Source = hit.Document.Source,
                        ScoreKind = isByWords ? ScoreKind.Bm25 : ScoreKinds.Of(_collection.Manifest.Metric),
                        Stages = options.Explain ? Explain(found, hit, rank) : null,
                    };
                }
            ),
        ];

    private static SearchStages Explain(FoundDocuments found, CollectionHit hit, int rank) =>
        new()
        {
            Semantic = found.HasCosine ? new(hit.Score, found.Mode == SearchMode.Semantic ? rank : hit.SemanticRank) : null,
            Keyword = hit.Keyword is { } words && found.Mode == SearchMode.Keyword ? words with { Rank = rank } : hit.Keyword,
            Fused = hit.Fused is { } fused ? new(fused, rank) : null,
        };

    private static void RequireByVector(SearchOptions options, string what)
    {
        if (options.Mode != SearchMode.Semantic)
            throw new InputException($"keyword and hybrid search need a text, not {what}");
        if (options.Rerank is not null || options.Reranker is not null)
            throw new InputException($"a reranker needs a text query; search by text, not by {what}");
    }

    private static SearchOptions Check(int topK, SearchOptions? options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Offset, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Candidates, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GroupSize, 1, nameof(options));
        if (options is { Rerank: not null, Reranker: not null })
            throw new ArgumentException("Give the reranker by name or as an object, not both.", nameof(options));
        // Before anything is embedded, because embedding may cost money.
        if (options.Filter is { } filter)
            FilterLimits.Check(filter);
        if (options.GroupBy is { } field)
            FilterLimits.Check(field);
        return options;
    }
}
