using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Sextant.Server.Http;

/// <summary>
/// Gives the routes bodies in UTF-8: decompresses gzip, and rejects all other encodings of either kind. The limit on bodies holds for what
/// they decompress to, so that a small one cannot fill the memory.
/// </summary>
internal sealed class RequestBodies(RequestDelegate next, ServerOptions options)
{
    private const string Gzip = "gzip";

    public Task InvokeAsync(HttpContext context) =>
        // As most clients send them.
        context.Request
            is { ContentType: null or "application/json", Headers.ContentEncoding.Count: 0 }
            ? next(context)
            : DecodeAsync(context);

    private async Task DecodeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        RequireUtf8(request);
        string encoding = request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        if (!encoding.Equals(Gzip, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = Gzip;
            throw new ServiceException(
                415,
                $"The Content-Encoding '{encoding}' is not supported; send gzip, or an uncompressed body.",
                "Content-Encoding",
                "unsupported_media_type"
            );
        }

        request.Headers.ContentEncoding = default;
        await using GzipBody body = new(request.Body, options.MaxBodyBytes);
        request.Body = body;
        await next(context);
    }

    private static void RequireUtf8(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.Charset.HasValue)
            return;
        string charset = type.Charset.Value.Trim('"');
        if (!charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
        {
            throw new ServiceException(
                415,
                $"The charset '{charset}' is not supported; send UTF-8.",
                "Content-Type",
                "unsupported_media_type"
            );
        }
        // The framework fails at one in quotes, which RFC 9110 allows.
        request.ContentType = type.MediaType.Value;
    }
}
