using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sextant.Plotting;
using Sextant.Server.Http;

namespace Sextant.Server.Api;

/// <summary>The web page, from the assembly: nothing of it is read from the disk, and nothing comes from elsewhere.</summary>
internal static class PageApi
{
    private const string Prefix = "Sextant.Server.Page.";

    private static readonly Dictionary<string, byte[]> Files = ReadFiles();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext context) => Send(context, "index.html", PagePolicy.Page)).ExcludeFromDescription();
        routes
            .MapGet("/assets/{file}", (HttpContext context, string file) => Send(context, file, PagePolicy.Page))
            .ExcludeFromDescription();
        routes.MapGet("/map/{file}", (HttpContext context, string file) => Send(context, file, PagePolicy.Map)).ExcludeFromDescription();
    }

    private static IResult Send(HttpContext context, string name, string policy)
    {
        if (!Files.TryGetValue(name, out byte[]? content))
            throw new ServiceException(404, "The page has no such file.", null, "unknown_url");
        context.Response.Headers.ContentSecurityPolicy = policy;
        // The frame has an opaque origin, so every request for its files is cross-origin.
        if (policy == PagePolicy.Map)
            context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return EntityTag.Matches(context, content)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(content, TypeOf(name));
    }

    private static string TypeOf(string name) =>
        Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };

    private static Dictionary<string, byte[]> ReadFiles()
    {
        Assembly assembly = typeof(PageApi).Assembly;
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal)
        {
            ["map.js"] = System.Text.Encoding.UTF8.GetBytes(InteractiveMap.Script),
        };
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            files[name[Prefix.Length..]] = content;
        }

        return files;
    }
}
