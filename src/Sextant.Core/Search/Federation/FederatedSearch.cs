namespace Sextant.Search.Federation;

/// <summary>Searches several collections at once and makes one ranking of their results.</summary>
public static class FederatedSearch
{
    /// <summary>Searches collections concurrently.</summary>
    /// <param name="collections">The collections.</param>
    /// <param name="query">A question, a phrase, a text.</param>
    /// <param name="topK">The maximum number of results, of all collections together.</param>
    /// <param name="options">Filter, ranking, paging; the defaults when <see langword="null"/>. Results are not grouped.</param>
    /// <param name="cancellationToken">Cancels the searches.</param>
    /// <returns>
    /// The results in the order of their scores, where the scores of all collections are comparable: one model and metric, or one reranker.
    /// Otherwise in the order of their ranks: first the best of each collection, then the second best.
    /// </returns>
    /// <exception cref="InputException">The query is empty, or groups are asked for.</exception>
    public static async Task<FederatedResults> SearchAsync(
        IReadOnlyList<SemanticSearchEngine> collections,
        string query,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(collections);
        options ??= new();
        if (options.GroupBy is not null)
            throw new InputException("results of several collections cannot be grouped; search the collections one by one");
        SearchOptions each = options with { Offset = 0 };
        int depth = checked(options.Offset + topK);
        IReadOnlyList<SearchResult>[] found = await Task.WhenAll(
                collections.Select(collection => collection.SearchAsync(query, depth, each, cancellationToken))
            )
            .ConfigureAwait(false);
        return Merge([.. found.Zip(collections, static (results, one) => (one.Model.Fingerprint, results))], topK, options);
    }

    internal static FederatedResults Merge(
        IReadOnlyList<(string Fingerprint, IReadOnlyList<SearchResult> Results)> found,
        int topK,
        SearchOptions options
    )
    {
        bool isReranked = options.Rerank is not null || options.Reranker is not null;
        // Where a model knows no part of a query, its collection is searched by words.
        (string?, ScoreKind)[] kinds =
        [
            .. found
                .Where(static one => one.Results.Count > 0)
                .Select(one => (isReranked ? null : one.Fingerprint, one.Results[0].ScoreKind))
                .Distinct(),
        ];
        bool isComparable = kinds.Length <= 1 && kinds.All(static kind => kind.Item2 != ScoreKind.Bm25),
            isByScore = isComparable && (isReranked || options.Mode == SearchMode.Semantic);
        IEnumerable<FederatedResult> all = found.SelectMany(
            static (one, collection) => one.Results.Select(result => new FederatedResult(collection, result))
        );
        all = isByScore
            ? all.OrderByDescending(static one => one.Result.Score).ThenBy(static one => one.Collection)
            : all.OrderBy(static one => one.Result.Rank)
                .ThenByDescending(one => isComparable ? one.Result.Score : 0)
                .ThenBy(static one => one.Collection);
        return new(
            [
                .. all.Skip(options.Offset)
                    .Take(topK)
                    .Select((one, i) => one with { Result = one.Result with { Rank = options.Offset + i + 1 } }),
            ],
            isByScore
        );
    }
}
