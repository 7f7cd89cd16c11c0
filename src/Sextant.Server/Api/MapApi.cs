using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Collections;
using Sextant.Server.Http;

namespace Sextant.Server.Api;

/// <summary>The collection on a plane, as the page draws it.</summary>
internal static class MapApi
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/collections/{name}/map", GetAsync)
            .WithName("getMap")
            .WithTags("Search")
            .WithSummary(
                "Returns the two-dimensional map of the collection: positions as base64 of float32 pairs, with ids, texts and fields."
            )
            .Produces<object>(200, "application/json")
            .TakesLong();

    private static async Task<IResult> GetAsync(
        string name,
        HttpContext context,
        CollectionSet collections,
        ServerOptions options,
        CancellationToken cancellationToken
    )
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken);
        string version = await lease.Collection.VersionAsync(cancellationToken);
        byte[] map = await lease.Collection.Map.GetAsync(
            version,
            () => CollectionMap.DrawAsync(lease.Engine, name, options.MaxMapPoints, cancellationToken),
            cancellationToken
        );
        return EntityTag.Matches(context, map)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(map, "application/json");
    }
}
