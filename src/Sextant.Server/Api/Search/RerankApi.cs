using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Http;
using Sextant.Server.Models;

namespace Sextant.Server.Api.Search;

/// <summary>The reranking interface of Cohere, Jina and vLLM: a client of theirs is a client of ours by its base URL.</summary>
internal static class RerankApi
{
    /// <param name="routes">Where.</param>
    /// <param name="name">The name of the operation.</param>
    public static void Map(IEndpointRouteBuilder routes, string name) =>
        routes.MapPost("/rerank", HandleAsync).WithName(name).WithTags("Rerank").WithSummary("Orders texts by their relevance to a query.");

    private static async Task<Ok<RerankResponse>> HandleAsync(
        RerankRequest request,
        ServedRerankers rerankers,
        ServerOptions options,
        CancellationToken cancellationToken
    )
    {
        Require(request, options);
        ServedReranker reranker = await rerankers.GetAsync(request.Model, cancellationToken, "model");
        string[] texts = [.. request.Documents.Select(static document => document.Text)];
        IReadOnlyList<float> scores = await reranker.ScoreAsync(request.Query, texts, cancellationToken);
        bool isLogit = reranker.Profile.ScoreKind == ScoreKind.Logit;
        return TypedResults.Ok(
            new RerankResponse(
                $"rerank-{Guid.NewGuid():N}",
                request.Model,
                [
                    .. scores
                        .Select((score, index) => (Score: isLogit ? Logistic(score) : score, Raw: score, Index: index))
                        // By what the model returned: far from 0, different logits have the same probability.
                        .OrderByDescending(static one => one.Raw)
                        .ThenBy(static one => one.Index)
                        .Take(request.TopN ?? scores.Count)
                        .Select(one => new RerankResult(one.Index, one.Score)
                        {
                            Document = request.ReturnDocuments ? request.Documents[one.Index] : null,
                        }),
                ]
            )
        );
    }

    private static void Require(RerankRequest request, ServerOptions options)
    {
        if (string.IsNullOrWhiteSpace(request.Query))
            throw ServiceException.BadRequest("'query' cannot be empty.", "query");
        RequestItems.RequireCount(request.Documents.Count, "texts", options.MaxCandidates, "documents");
        if (request.TopN < 1)
            throw ServiceException.BadRequest("'top_n' must be at least 1.", "top_n");
    }

    // The services' clients expect a score from 0 to 1.
    private static float Logistic(float score) => 1 / (1 + MathF.Exp(-score));
}
