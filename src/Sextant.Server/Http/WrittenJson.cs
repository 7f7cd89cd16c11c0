using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sextant.Server.Http;

/// <summary>A response that is written by hand, for routes where most of the time would be the serializer's.</summary>
/// <typeparam name="T">The shape of the response, for the description of the interface.</typeparam>
/// <param name="write">Writes the body.</param>
internal sealed class WrittenJson<T>(Action<PooledBytes> write) : IResult, IEndpointMetadataProvider
{
    private const string Json = "application/json";
    private const string ContentType = Json + "; charset=utf-8";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [Json]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using PooledBytes body = new();
        write(body);
        HttpResponse response = httpContext.Response;
        response.ContentType = ContentType;
        response.ContentLength = body.Count;
        await response.BodyWriter.WriteAsync(body.Written, httpContext.RequestAborted);
    }
}
