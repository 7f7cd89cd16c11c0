using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
    /// <summary>Finds the documents nearest in meaning to <paramref name="query"/>, best first.</summary>
    /// <param name="query">A question, a phrase, a text.</param>
    /// <param name="topK">The most results to give; there are fewer when fewer documents match.</param>
    /// <param name="options">Filter, ranking, paging; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="InputException">The query is empty, or the filter malformed.</exception>
    public async Task<IReadOnlyList<SearchResult>> SearchAsync(
        string query, int topK = 10, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (string.IsNullOrWhiteSpace(query)) throw new InputException("the query is empty: write what to search for");
        options = Check(topK, options);
        return Results(await SearchAsync(query, (vector, space) => Query(vector, space, query, topK, options), options.OnNote, cancellationToken).ConfigureAwait(false), options);
    }

    /// <summary>Finds the documents whose vectors are nearest to <paramref name="vector"/>, best first.</summary>
    /// <param name="vector">A vector of the collection's own model; its length does not matter.</param>
    /// <param name="topK">The most results to give; there are fewer when fewer documents match.</param>
    /// <param name="options">Filter and paging; a ranking by words needs a text.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="InputException">
    /// The vector has another number of dimensions, the filter is malformed, or a ranking by words is asked for.
    /// </exception>
    public async Task<IReadOnlyList<SearchResult>> SearchAsync(
        ReadOnlyMemory<float> vector, int topK = 10, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = Check(topK, options);
        if (options.Mode != SearchMode.Semantic) throw new InputException("keyword and hybrid search need a text, not a vector");
        ThrowIfDisposed();
        if (vector.Length != Model.Dimensions) await _collection.FollowAsync(cancellationToken).ConfigureAwait(false);
        float[] unit = CollectionModel.Unit(vector, Model.Dimensions, "the query");
        return Results(await _collection.SearchAsync(Query(unit, null, null, topK, options), cancellationToken).ConfigureAwait(false), options);
    }

    /// <summary>Finds the documents most like one that is there, which is itself left out.</summary>
    /// <param name="id">The document's name.</param>
    /// <param name="topK">The most results to give.</param>
    /// <param name="options">Filter and paging.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="InputException">There is no such document, or the options are not for a search by vector.</exception>
    public async Task<IReadOnlyList<SearchResult>> SearchSimilarAsync(
        string id, int topK = 10, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        options = Check(topK, options);
        ThrowIfDisposed();
        while (true)
        {
            string space = _collection.Manifest.Fingerprint;
            float[] vector = await _collection.FindVectorAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new InputException($"{Path} has no document '{id}'");
            try
            {
                // One more is asked for from the start, because the document itself comes first almost always, and pages must agree.
                int wide = checked(topK + options.Offset + 1);
                SearchOptions whole = options with { Offset = 0 };
                List<CollectionHit> hits = await _collection.SearchAsync(Query(vector, space, null, wide, whole), cancellationToken).ConfigureAwait(false);
                return [.. Results(hits, whole).Where(hit => hit.Id != id).Select((hit, i) => hit with { Rank = i + 1 }).Skip(options.Offset).Take(topK)];
            }
            catch (ModelMovedException) { }
        }
    }

    /// <summary>Searches with the vector of a text, which is embedded again when the collection moves to another model meanwhile.</summary>
    internal async Task<List<CollectionHit>> SearchAsync(
        string text, Func<float[], string?, CollectionQuery> query, Action<string>? onNote, CancellationToken cancellationToken)
    {
        while (true)
        {
            CollectionModel model = await ModelAsync(cancellationToken).ConfigureAwait(false);
            float[] vector = await model.EmbedQueryAsync(text, cancellationToken).ConfigureAwait(false);
            CollectionQuery asked = query(vector, model.Space);
            // Everything is equally far from a vector of zeros, so the nearest would be whatever was added first.
            bool isUnknown = !vector.AsSpan().ContainsAnyExcept(0f);
            if (isUnknown && asked.Mode != SearchMode.Keyword)
            {
                asked = asked with { Mode = SearchMode.Keyword, Keywords = asked.Keywords.Count > 0 ? asked.Keywords : KeywordQuery.Words(text) };
            }

            try
            {
                List<CollectionHit> hits = await _collection.SearchAsync(asked, cancellationToken).ConfigureAwait(false);
                if (isUnknown) onNote?.Invoke($"the model {Model.Name} knows no part of the query, so documents are found only by its words");
                return hits;
            }
            catch (ModelMovedException) { }
        }
    }

    private static CollectionQuery Query(float[] unit, string? space, string? text, int topK, SearchOptions options) => new()
    {
        Vector = unit,
        Space = space,
        Keywords = text is null || options.Mode == SearchMode.Semantic ? [] : KeywordQuery.Words(text),
        Mode = options.Mode,
        Filter = options.Filter,
        Count = topK,
        Offset = options.Offset,
        MinScore = options.MinScore,
        Exact = options.Exact,
        EfSearch = options.EfSearch,
    };

    private static IReadOnlyList<SearchResult> Results(List<CollectionHit> hits, SearchOptions options) =>
        [.. hits.Select((hit, i) => new SearchResult(
            options.Offset + i + 1, hit.Document.Id, hit.Score, hit.Document.Text, MetadataJson.Read(hit.Document.Metadata)))];

    private static SearchOptions Check(int topK, SearchOptions? options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Offset, nameof(options));
        // Before anything is embedded, because embedding may cost money.
        if (options.Filter is { } filter) FilterExpression.Parse(filter);
        return options;
    }
}
