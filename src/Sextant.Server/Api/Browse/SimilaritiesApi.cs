using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Server.Collections;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Browse;

/// <summary>How similar texts are to a query by the collection's model; the page highlights sentences by it.</summary>
internal static class SimilaritiesApi
{
    /// <summary>The pooling of models whose provider decides about it.</summary>
    private const string Hosted = "hosted";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/collections/{name}/similarities", HandleAsync)
            .WithName("compareTexts")
            .WithTags("Search")
            .WithSummary("Computes the similarity of texts, such as the sentences of a result, to a query by the collection's model.");

    private static async Task<Ok<SimilaritiesResponse>> HandleAsync(
        string name,
        SimilaritiesRequest request,
        CollectionSet collections,
        ServerOptions options,
        CancellationToken cancellationToken
    )
    {
        if (request.Query is null == request.Id is null)
            throw ServiceException.BadRequest("Give exactly one of 'query' and 'id'.", "query");
        if (request.Texts.Count > options.MaxInputs)
            throw ServiceException.TooLarge($"'texts' has {request.Texts.Count} texts", options.MaxInputs, "texts");
        if (request.Texts.Any(static text => text is null))
            throw ServiceException.BadRequest("'texts' must be an array of strings.", "texts");
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        if (lease.Engine.Model.Pooling == Hosted)
        {
            throw ServiceException.BadRequest(
                "The model of this collection is hosted and charges for each text; use /v1/embeddings to compare texts with it.",
                "texts",
                "hosted_model"
            );
        }

        ReadOnlyMemory<float> query = request.Id is { } id
            ? (await lease.Engine.GetAsync(id, cancellationToken) ?? throw ServiceException.NoDocument(id)).Vector!.Value
            : (await lease.Engine.EmbedAsync([request.Query!], EmbeddingRole.Query, cancellationToken))[0];
        float[][] vectors = await lease.Engine.EmbedAsync(request.Texts, EmbeddingRole.Document, cancellationToken);
        return TypedResults.Ok(new SimilaritiesResponse([.. vectors.Select(vector => VectorMath.Cosine(query.Span, vector))]));
    }
}
