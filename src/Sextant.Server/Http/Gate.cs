using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Api;
using Sextant.Server.Keys;

namespace Sextant.Server.Http;

/// <summary>
/// Lets requests in: security headers on every answer, no calls from pages of other sites, and a key where the service has any. The page,
/// the description of the interface and the health routes hold no data and need none.
/// </summary>
internal sealed class Gate(RequestDelegate next, ApiKeys keys, Callers callers, ServerOptions options)
{
    private readonly HashSet<string> _origins = new(options.CorsOrigins, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = PagePolicy.Nothing;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";

        // Without keys the service trusts this machine. A page of another site may make its browser call us, or give us another name.
        if (!keys.Required && !IsLoopbackName(context.Request.Host.Host))
        {
            throw new ServiceException(
                403,
                "Without keys the service answers only requests to localhost.",
                "Host",
                "wrong_host",
                "permission_error"
            );
        }

        if (IsForeign(context.Request))
        {
            throw new ServiceException(
                403,
                "Pages of other sites may not call this service; allow them with the setting CorsOrigins.",
                "Origin",
                "wrong_origin",
                "permission_error"
            );
        }

        if (!NeedsKey(context.Request) || HttpMethods.IsOptions(context.Request.Method))
            return next(context);

        if (keys.Find(context) is not { } caller)
        {
            headers.WWWAuthenticate = "Bearer";
            throw new ServiceException(
                401,
                context.Request.Headers.Authorization.Count == 0
                    ? "You didn't provide an API key. Send it in the header Authorization: Bearer YOUR_KEY."
                    : "Incorrect API key provided.",
                null,
                "invalid_api_key"
            );
        }

        context.Features.Set(caller);
        callers.Enter(caller);
        // Not an address that exists with another method only, which has no route.
        if (context.GetEndpoint() is RouteEndpoint route)
        {
            if (options.ReadOnly && route.Metadata.GetMetadata<ChangesData>() is not null)
                throw ServiceException.ReadOnly();
            (route.Metadata.GetMetadata<RouteRule>() ?? RouteRule.Undeclared).Require(caller, context.Request.RouteValues);
            if (route.Metadata.GetMetadata<AttachesFiles>() is not null)
                RouteRule.ReadFiles.Require(caller, context.Request.RouteValues);
        }

        return next(context);
    }

    private static bool NeedsKey(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/v2", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase);

    private bool IsForeign(HttpRequest request)
    {
        if (!NeedsKey(request) || request.Headers.Origin.ToString() is not { Length: > 0 } origin || _origins.Contains(origin))
            return false;
        return !Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
            || !string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
