using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Api.Embeddings;
using Sextant.Server.Keys;
using Sextant.Server.Models;

namespace Sextant.Server.Api.Search;

/// <summary>The models that may order what a search found.</summary>
internal static class RerankersApi
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/rerankers", List)
            .WithName("listRerankers")
            .WithTags("Search")
            .WithSummary("Lists the models that a search can rerank with.")
            .Needs(KeyRights.None, RightScope.None);

    private static Ok<ModelList> List(ServedModels models, ServedRerankers rerankers) =>
        TypedResults.Ok(new ModelList("list", [.. rerankers.Names.Select(name => EmbeddingsApi.Describe(name, models))]));
}
