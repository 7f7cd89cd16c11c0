using Microsoft.AspNetCore.Http;

namespace Sextant.Server.Http;

/// <summary>Answers HEAD wherever there is a GET, as probes and caches expect; the server itself leaves the body out.</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    private static readonly object Item = new();

    /// <summary>Whether the client requests only the headers, for routes with an expensive body.</summary>
    public static bool IsHead(HttpContext context) => context.Items.ContainsKey(Item);

    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Items[Item] = true;
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }
}
