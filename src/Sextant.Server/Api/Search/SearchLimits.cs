using System.Globalization;
using Sextant.Numerics;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Search;

/// <summary>Checks a search request before opening or embedding anything.</summary>
internal static class SearchLimits
{
    private const int MaxExamples = 100;

    /// <exception cref="ServiceException">A value is out of its range, or needs another.</exception>
    public static void Require(SearchRequest request, SearchMode mode, SimilarityMetric metric, ServerOptions options)
    {
        int asked =
            (request.Query is null ? 0 : 1)
            + (request.Vector is null ? 0 : 1)
            + (request.Id is null ? 0 : 1)
            + (request.Positive is null ? 0 : 1);
        if (asked != 1)
            throw ServiceException.BadRequest("Give exactly one of 'query', 'vector', 'id' and 'positive'.", "query");
        RequireExamples(request);
        if (request.K < 1)
            throw ServiceException.BadRequest("'k' must be at least 1.", "k");
        if (request.Offset < 0)
            throw ServiceException.BadRequest("'offset' must be at least 0.", "offset");
        long depth = (long)request.Offset + request.K;
        if (depth > options.MaxDepth)
        {
            throw ServiceException.BadRequest(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'offset' and 'k' together must be at most {options.MaxDepth}; narrow the search with a filter instead."
                ),
                "k"
            );
        }
        RequireReranking(request, depth, options);
        RequireGroups(request, depth, options);
        if (request.Facets is { } facets)
            FacetsApi.Parse(facets, request.FacetLimit);
        else if (request.FacetLimit is not null)
            throw ServiceException.BadRequest("'facet_limit' needs 'facets'.", "facet_limit");
        bool isCosine = metric == SimilarityMetric.Cosine && request.Rerank is null && mode != SearchMode.Keyword;
        if (isCosine && request.MinScore is { } least && least is not (>= -1 and <= 1))
            throw ServiceException.BadRequest("'min_score' must be from -1 to 1.", "min_score");
    }

    private static void RequireExamples(SearchRequest request)
    {
        RequestItems.Require(request.Positive, "positive");
        RequestItems.Require(request.Negative, "negative");
        if (request.Negative is not null && request.Positive is null)
            throw ServiceException.BadRequest("'negative' needs 'positive'.", "negative");
        if (request.Positive is { Count: 0 })
            throw ServiceException.BadRequest("'positive' cannot be an empty array.", "positive");
        int examples = (request.Positive?.Count ?? 0) + (request.Negative?.Count ?? 0);
        if (examples > MaxExamples)
            throw ServiceException.TooLarge($"{examples} examples", MaxExamples, "positive");
    }

    private static void RequireGroups(SearchRequest request, long groups, ServerOptions options)
    {
        if (request.GroupBy is null)
        {
            if (request.GroupSize is null)
                return;
            throw ServiceException.BadRequest("'group_size' needs 'group_by'.", "group_size");
        }

        FacetsApi.ParseField(request.GroupBy, "group_by");
        int most = request.Rerank is null ? options.MaxDepth : options.MaxCandidates;
        int size = request.GroupSize ?? new SearchOptions().GroupSize;
        if (size < 1 || groups * size > most)
        {
            throw ServiceException.BadRequest(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'group_size' must be at least 1, and its product with the sum of 'offset' and 'k' at most {most}."
                ),
                "group_size"
            );
        }

        if (request.Rerank is null && request.Candidates is { } candidates && (candidates < 1 || candidates > options.MaxDepth))
        {
            throw ServiceException.BadRequest(
                string.Create(CultureInfo.InvariantCulture, $"'candidates' must be from 1 to {options.MaxDepth}."),
                "candidates"
            );
        }
    }

    private static void RequireReranking(SearchRequest request, long depth, ServerOptions options)
    {
        if (request.Rerank is null)
        {
            if (request.Candidates is null || request.GroupBy is not null)
                return;
            throw ServiceException.BadRequest("'candidates' needs a reranker: name one with 'rerank', or omit 'candidates'.", "candidates");
        }

        if (request.Query is null)
            throw ServiceException.BadRequest("'rerank' needs a text 'query'.", "rerank");
        if (request.Candidates is { } candidates && (candidates < 1 || candidates > options.MaxCandidates))
        {
            throw ServiceException.BadRequest(
                string.Create(CultureInfo.InvariantCulture, $"'candidates' must be from 1 to {options.MaxCandidates}."),
                "candidates"
            );
        }

        if (depth > options.MaxCandidates)
        {
            throw ServiceException.BadRequest(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"With 'rerank', 'offset' and 'k' together must be at most {options.MaxCandidates}."
                ),
                "k"
            );
        }
    }
}
