using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Collections;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Search;

/// <summary>Search in a collection by a text, a vector, or a document that is there.</summary>
internal static class SearchApi
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/collections/{name}/search", HandleAsync)
            .WithName("search")
            .WithTags("Search")
            .WithSummary("Finds the most similar documents.");

    private static async Task<WrittenJson<SearchResponse>> HandleAsync(
        string name,
        SearchRequest request,
        CollectionSet collections,
        Searches searches,
        CancellationToken cancellationToken
    )
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        SearchAnswer answer = await searches.RunAsync(request, lease.Engine, cancellationToken);
        return new(answer.Write);
    }
}
