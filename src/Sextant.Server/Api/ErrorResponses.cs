using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Http;

namespace Sextant.Server.Api;

/// <summary>Describes the error responses of each route by what it reads and changes.</summary>
internal static class ErrorResponses
{
    private static readonly int[] Always = [403];
    private static readonly int[] WithKey = [401, 429, 500, 503];
    private static readonly int[] WithBody = [400, 404, 413, 415];
    private static readonly int[] WithParameters = [400, 404];
    private static readonly int[] WithChanges = [409, 507];

    public static RouteGroupBuilder DescribeErrors(this RouteGroupBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Finally(static endpoint =>
        {
            if (endpoint is not RouteEndpointBuilder route || route.Metadata.OfType<IExcludeFromDescriptionMetadata>().Any())
                return;
            foreach (int status in StatusesOf(route))
                route.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ErrorBody), ["application/json"]));
        });
        return routes;
    }

    private static IEnumerable<int> StatusesOf(RouteEndpointBuilder route)
    {
        bool needsKey = route.RoutePattern.RawText?.StartsWith("/v", StringComparison.Ordinal) == true;
        bool hasBody = route
            .Metadata.OfType<HttpMethodMetadata>()
            .Any(static methods => methods.HttpMethods.Any(static method => method is "POST" or "PUT" or "PATCH"));
        IEnumerable<int> statuses = Always
            .Concat(needsKey ? WithKey : [])
            .Concat(needsKey && hasBody ? WithBody : [])
            .Concat(route.RoutePattern.Parameters.Count > 0 ? WithParameters : [])
            .Concat(route.Metadata.OfType<ChangesData>().Any() ? WithChanges : []);
        return statuses.Distinct().Order();
    }
}
