using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Collections;
using Sextant.Server.Http;

namespace Sextant.Server.Api;

/// <summary>Search in a collection by a text, a vector, or a document that is there.</summary>
internal static class SearchApi
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/collections/{name}/search", HandleAsync).WithTags("Search").WithSummary("Finds the documents nearest in meaning.");

    /// <summary>Carries out a search that has been checked for its form.</summary>
    public static async Task<SearchResponse> SearchAsync(
        SearchRequest request, CollectionLease lease, ServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        SearchMode mode = SearchModeName.Parse(request);
        Check(request, options);
        List<string> notes = [];
        SearchOptions how = new()
        {
            OnNote = notes.Add,
            Filter = string.IsNullOrWhiteSpace(request.Filter) ? null : request.Filter,
            Mode = mode,
            MinScore = request.MinScore,
            Offset = request.Offset,
        };
        long began = time.GetTimestamp();
        IReadOnlyList<SearchResult> results = request switch
        {
            { Query: { } query } => await lease.Engine.SearchAsync(query, request.K, how, cancellationToken),
            { Vector: { } vector } => await lease.Engine.SearchAsync(vector, request.K, how, cancellationToken),
            _ => await LikeAsync(request, how, lease.Engine, cancellationToken),
        };
        if (results.Count == 0 && how.Filter is { } filter) notes.AddRange(await lease.Engine.ExplainFilterAsync(filter, cancellationToken));
        double took = Math.Round(time.GetElapsedTime(began).TotalMilliseconds, 3);
        return new([.. results.Select(hit => new SearchHit(hit.Rank, hit.Id, hit.Score, hit.Text, hit.Metadata))], took) { Notes = notes.Count > 0 ? notes : null };
    }

    private static async Task<Ok<SearchResponse>> HandleAsync(
        string name, SearchRequest request, CollectionSet collections, ServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        return TypedResults.Ok(await SearchAsync(request, lease, options, time, cancellationToken));
    }

    private static async Task<IReadOnlyList<SearchResult>> LikeAsync(
        SearchRequest request, SearchOptions how, SemanticSearchEngine engine, CancellationToken cancellationToken)
    {
        if (await engine.GetAsync(request.Id!, cancellationToken) is null) throw ServiceException.NoDocument(request.Id!);
        return await engine.SearchSimilarAsync(request.Id!, request.K, how, cancellationToken);
    }

    private static void Check(SearchRequest request, ServerOptions options)
    {
        int asked = (request.Query is null ? 0 : 1) + (request.Vector is null ? 0 : 1) + (request.Id is null ? 0 : 1);
        if (asked != 1) throw ServiceException.BadRequest("Give one of 'query', 'vector' and 'id': what to look for.", "query");
        if (request.K < 1) throw ServiceException.BadRequest("'k' must be at least 1.", "k");
        if (request.Offset < 0) throw ServiceException.BadRequest("'offset' must be at least 0.", "offset");
        if ((long)request.Offset + request.K > options.MaxDepth)
            throw ServiceException.BadRequest(string.Create(CultureInfo.InvariantCulture,
                $"'offset' and 'k' together must be at most {options.MaxDepth}; narrow the search with a filter instead."), "k");
        if (request.MinScore is { } least && least is not (>= -1 and <= 1))
            throw ServiceException.BadRequest("'min_score' must be from -1 to 1.", "min_score");
    }
}
