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
        CollectionModel model = await ModelAsync(cancellationToken).ConfigureAwait(false);
        float[] vector = await model.EmbedQueryAsync(query, cancellationToken).ConfigureAwait(false);
        return await SearchAsync(vector, query, topK, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds the documents whose vectors are nearest to <paramref name="vector"/>, best first.</summary>
    /// <param name="vector">A vector of the collection's own model; its length does not matter.</param>
    /// <param name="topK">The most results to give; there are fewer when fewer documents match.</param>
    /// <param name="options">Filter and paging; a ranking by words needs a text.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="InputException">
    /// The vector has another number of dimensions, the filter is malformed, or a ranking by words is asked for.
    /// </exception>
    public Task<IReadOnlyList<SearchResult>> SearchAsync(
        ReadOnlyMemory<float> vector, int topK = 10, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = Check(topK, options);
        if (options.Mode != SearchMode.Semantic) throw new InputException("keyword and hybrid search need a text, not a vector");
        return SearchAsync(CollectionModel.Unit(vector, Model.Dimensions, "the query"), null, topK, options, cancellationToken);
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
        float[] vector = await _collection.FindVectorAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new InputException($"{Path} has no document '{id}'");
        // One more is asked for from the start, because the document itself comes first almost always, and pages must agree.
        IReadOnlyList<SearchResult> found = await SearchAsync(
            vector, checked(topK + options.Offset + 1), options with { Offset = 0 }, cancellationToken).ConfigureAwait(false);
        return [.. found.Where(hit => hit.Id != id).Select((hit, i) => hit with { Rank = i + 1 }).Skip(options.Offset).Take(topK)];
    }

    private async Task<IReadOnlyList<SearchResult>> SearchAsync(
        ReadOnlyMemory<float> unit, string? text, int topK, SearchOptions options, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        List<CollectionHit> hits = await _collection.SearchAsync(new()
        {
            Vector = unit,
            Keywords = text is null || options.Mode == SearchMode.Semantic ? [] : KeywordQuery.Words(text),
            Mode = options.Mode,
            Filter = options.Filter,
            Count = topK,
            Offset = options.Offset,
            MinScore = options.MinScore,
            Exact = options.Exact,
            EfSearch = options.EfSearch,
        }, cancellationToken).ConfigureAwait(false);
        return [.. hits.Select((hit, i) => new SearchResult(
            options.Offset + i + 1, hit.Document.Id, hit.Score, hit.Document.Text, MetadataJson.Read(hit.Document.Metadata)))];
    }

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
