using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sextant.Server.Http;

/// <summary>
/// The address of a request as its client wrote it. Routing leaves %2F in place and undoes every other escape, so that "a%2Fb" and
/// "a%252Fb" look the same afterward; ids are often paths and names of models hold slashes, so the request line itself is read.
/// </summary>
internal static class Address
{
    /// <summary>
    /// What follows the first <paramref name="segments"/> segments of the address: the value of a route's catch-all parameter.
    /// </summary>
    /// <exception cref="ServiceException">Nothing follows, or the address holds "." or "..".</exception>
    public static string After(HttpContext context, int segments, string param)
    {
        int own = context.Request.PathBase.Value?.Count(c => c == '/') ?? 0;
        string rest = string.Join('/', Segments(context).Skip(own + segments));
        return rest.Length > 0 ? rest : throw ServiceException.BadRequest($"The address ends before the {param}.", param);
    }

    /// <summary>The last segment of the address.</summary>
    /// <exception cref="ServiceException">The address holds "." or "..".</exception>
    public static string Last(HttpContext context) => Segments(context)[^1];

    // "…/documents/.." is another path for every client and proxy: a request for a document with that id must not return a collection.
    private static string[] Segments(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        // A request through a proxy may hold the whole URL.
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is var scheme and > 0)
            target = target.IndexOf('/', scheme + 3) is var path and > 0 ? target[path..] : "/";
        string[] segments = Array.ConvertAll(target.TrimStart('/').Split('/'), Uri.UnescapeDataString);
        return !segments.Any(segment => segment is "." or "..") ? segments : throw Ambiguous();
    }

    public static ServiceException Ambiguous() =>
        ServiceException.BadRequest(
            "The address is ambiguous: write it without '.' and '..', end a collection's address with its name, "
                + "and write the slashes of an id as %2F.",
            null,
            "ambiguous_address"
        );
}
