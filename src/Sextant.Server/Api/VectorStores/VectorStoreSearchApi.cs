using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Models;
using Sextant.Server.VectorStores;

namespace Sextant.Server.Api.VectorStores;

/// <summary>Search in a vector store.</summary>
internal static class VectorStoreSearchApi
{
    /// <summary>The most queries of a search.</summary>
    public const int MaxQueries = 16;

    private const int MaxResults = 50;

    public static void Map(RouteGroupBuilder store) =>
        store.MapPost("/search", SearchAsync).WithName("searchVectorStore").WithSummary("Finds the parts of files that answer a query.");

    private static async Task<Ok<VectorStoreSearchPage>> SearchAsync(
        [FromRoute(Name = "vector_store_id")] string id,
        VectorStoreSearch request,
        VectorStoreSet stores,
        CollectionSet collections,
        ServedRerankers rerankers,
        CancellationToken cancellationToken
    )
    {
        Require(request);
        SearchOptions how = new()
        {
            Filter = request.Filters is { } filters ? AttributeFilter.Parse(filters) : null,
            Mode = request.RankingOptions?.HybridSearch is { TextWeight: > 0 } ? SearchMode.Hybrid : SearchMode.Semantic,
            Reranker = RankerOf(request) is { } ranker
                ? await rerankers.GetAsync(ranker, cancellationToken, "ranking_options.ranker")
                : null,
            MinScore = request.RankingOptions?.ScoreThreshold,
        };
        VectorStore store = stores.Use(id);
        using CollectionLease lease = await collections.UseAsync(store.Id, cancellationToken);
        Dictionary<string, Sextant.SearchResult> best = new(StringComparer.Ordinal);
        foreach (string query in request.Query.Texts.Distinct(StringComparer.Ordinal))
        {
            foreach (Sextant.SearchResult hit in await lease.Engine.SearchAsync(query, request.MaxNumResults, how, cancellationToken))
            {
                if (!best.TryGetValue(hit.Id, out Sextant.SearchResult? other) || hit.Score > other.Score)
                    best[hit.Id] = hit;
            }
        }

        VectorStoreHit[] found =
        [
            .. best
                .Values.OrderByDescending(static hit => hit.Score)
                .ThenBy(static hit => hit.Id, StringComparer.Ordinal)
                .Take(request.MaxNumResults)
                .Select(hit => Describe(hit, stores))
                .OfType<VectorStoreHit>(),
        ];
        return TypedResults.Ok(new VectorStoreSearchPage("vector_store.search_results.page", request.Query.Texts, found, false, null));
    }

    // Skips parts of files that were just deleted, and documents that were added through the routes of collections.
    private static VectorStoreHit? Describe(Sextant.SearchResult hit, VectorStoreSet stores)
    {
        if (!hit.Id.Contains('#', StringComparison.Ordinal))
            return null;
        string fileId = FileIngestion.FileOf(hit.Id);
        return stores.Files.Find(fileId) is { } file ? new(fileId, file.Filename, hit.Score, hit.Metadata, [new("text", hit.Text)]) : null;
    }

    private static string? RankerOf(VectorStoreSearch request) =>
        request.RankingOptions?.Ranker is { } ranker
        && ranker is not ("auto" or "none")
        && !ranker.StartsWith("default", StringComparison.Ordinal)
            ? ranker
            : null;

    private static void Require(VectorStoreSearch request)
    {
        if (request.Query.Texts.Count is 0 or > MaxQueries || request.Query.Texts.Any(string.IsNullOrWhiteSpace))
            throw ServiceException.BadRequest($"'query' must be a text, or 1 to {MaxQueries} of them, none of them empty.", "query");
        if (request.MaxNumResults is < 1 or > MaxResults)
            throw ServiceException.BadRequest($"'max_num_results' must be from 1 to {MaxResults}.", "max_num_results");
        if (request.RewriteQuery)
            throw ServiceException.BadRequest("'rewrite_query' is not supported; send false, or leave it out.", "rewrite_query");
        if (request.RankingOptions?.HybridSearch is { } hybrid && !(hybrid.EmbeddingWeight >= 0 && hybrid.TextWeight >= 0))
        {
            throw ServiceException.BadRequest(
                "The weights of 'ranking_options.hybrid_search' must be at least 0.",
                "ranking_options.hybrid_search"
            );
        }
    }
}
