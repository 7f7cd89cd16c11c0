using Sextant.Search.Filters;
using Sextant.Server.Http;
using Sextant.Server.Models;

namespace Sextant.Server.Api.Search;

/// <summary>Carries out what a search request asks for, wherever it came from.</summary>
internal sealed class Searches(ServedRerankers rerankers, ServerOptions options, TimeProvider time)
{
    /// <exception cref="ServiceException">The request is invalid, or refers to something that does not exist.</exception>
    public async Task<SearchAnswer> RunAsync(SearchRequest request, SemanticSearchEngine engine, CancellationToken cancellationToken)
    {
        Require(request, engine);
        List<string> notes = [];
        SearchOptions how = await OptionsAsync(request, notes, cancellationToken);
        var reranker = (ServedReranker?)how.Reranker;
        long began = time.GetTimestamp();
        IReadOnlyList<Sextant.SearchResult> results = request switch
        {
            { Query: { } query } => await engine.SearchAsync(query, request.K, how, cancellationToken),
            { Vector: { } vector } => await engine.SearchAsync(vector, request.K, how, cancellationToken),
            { Positive: { } positive } => await RecommendAsync(positive, request, how, engine, cancellationToken),
            _ => await LikeAsync(request, how, engine, cancellationToken),
        };
        IReadOnlyList<FacetBody>? facets = request.Facets is { } fields
            ? await FacetsApi.CountAsync(engine, fields, request.FacetLimit, how.Filter, cancellationToken)
            : null;
        double took = Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 3);
        if (results.Count == 0 && how.Filter is { } filter)
            notes.AddRange(await engine.ExplainFilterAsync(filter, cancellationToken));
        notes.AddRange(await engine.ExplainFieldsAsync(Unknown(how, results, facets), cancellationToken));
        return new(results, took)
        {
            ScoreKind = KindName(
                reranker?.Profile.ScoreKind ?? (results.Count > 0 ? results[0].ScoreKind : ScoreKind.Cosine),
                reranker is not null
            ),
            Rerank = reranker?.Name,
            Facets = facets,
            Notes = notes.Count > 0 ? notes : null,
        };
    }

    /// <summary>Checks a request before anything is opened or embedded.</summary>
    /// <exception cref="ServiceException">A value is out of its range, or needs another.</exception>
    public void Require(SearchRequest request, SemanticSearchEngine engine) =>
        SearchLimits.Require(request, SearchModeName.Parse(request), engine.Store.Manifest.Metric, options);

    /// <summary>What the engine is asked for, of a request that was checked.</summary>
    public async Task<SearchOptions> OptionsAsync(SearchRequest request, List<string> notes, CancellationToken cancellationToken)
    {
        ServedReranker? reranker = request.Rerank is { } name ? await rerankers.GetAsync(name, cancellationToken) : null;
        return new()
        {
            OnNote = note =>
            {
                // Several collections are searched at the same time.
                lock (notes)
                    notes.Add(note);
            },
            Filter = string.IsNullOrWhiteSpace(request.Filter) ? null : request.Filter,
            Mode = SearchModeName.Parse(request),
            Reranker = reranker,
            Candidates = request.Candidates ?? Math.Min(new SearchOptions().Candidates, options.MaxCandidates),
            GroupBy = request.GroupBy is { } field ? FacetsApi.ParseField(field, "group_by") : null,
            GroupSize = request.GroupSize ?? new SearchOptions().GroupSize,
            Explain = request.Explain,
            MinScore = request.MinScore,
            Offset = request.Offset,
        };
    }

    // Fields that no result has: perhaps no document has them.
    private static IEnumerable<FieldPath> Unknown(
        SearchOptions how,
        IReadOnlyList<Sextant.SearchResult> results,
        IReadOnlyList<FacetBody>? facets
    ) =>
        (facets ?? [])
            .Where(static facet => facet.Distinct == 0)
            .Select(static facet => FieldPath.Parse(facet.Field))
            .Concat(how.GroupBy is { } field && results.Count > 0 && results.All(static hit => hit.Group is null) ? [field] : [])
            .Distinct();

    /// <summary>The name of a kind of score; none for a cosine by the collection's own model.</summary>
    public static string? KindName(ScoreKind kind, bool isReranked) =>
        kind switch
        {
            ScoreKind.Bm25 => "bm25",
            ScoreKind.Probability => "probability",
            ScoreKind.Logit => "logit",
            ScoreKind.Relevance => "relevance",
            ScoreKind.Dot => "dot",
            ScoreKind.Euclidean => "euclidean",
            _ => isReranked ? "cosine" : null,
        };

    private static async Task<IReadOnlyList<Sextant.SearchResult>> RecommendAsync(
        IReadOnlyList<string> positive,
        SearchRequest request,
        SearchOptions how,
        SemanticSearchEngine engine,
        CancellationToken cancellationToken
    )
    {
        foreach (string id in positive.Concat(request.Negative ?? []))
        {
            if (await engine.Store.FindVectorAsync(id, cancellationToken) is null)
                throw ServiceException.NoDocument(id);
        }

        return await engine.RecommendAsync(positive, request.Negative, request.K, how, cancellationToken);
    }

    private static async Task<IReadOnlyList<Sextant.SearchResult>> LikeAsync(
        SearchRequest request,
        SearchOptions how,
        SemanticSearchEngine engine,
        CancellationToken cancellationToken
    )
    {
        if (await engine.GetAsync(request.Id!, cancellationToken) is null)
            throw ServiceException.NoDocument(request.Id!);
        return await engine.SearchSimilarAsync(request.Id!, request.K, how, cancellationToken);
    }
}
