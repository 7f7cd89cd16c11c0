using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Sextant.Server.Api;

/// <summary>Whether the process runs, and whether it can do its work.</summary>
internal static class HealthApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/healthz", () => TypedResults.Ok(new Health("ok", null)))
            .WithName("getHealth")
            .WithTags("Health")
            .WithSummary("Reports whether the process is running.");
        routes
            .MapGet("/readyz", ReadyAsync)
            .WithName("getReadiness")
            .Produces<Health>()
            .Produces<Health>(503)
            .WithTags("Health")
            .WithSummary("Reports whether models are open, the folder is writable, and the service is not stopping.");
    }

    private static async Task<JsonHttpResult<Health>> ReadyAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        string? reason = await readiness.ProblemAsync(cancellationToken);
        return TypedResults.Json(
            new Health(reason is null ? "ready" : "not ready", reason),
            ServerJson.Options,
            statusCode: reason is null ? 200 : 503
        );
    }
}

/// <summary>The answer of the health routes.</summary>
internal sealed record Health(string Status, string? Reason);
