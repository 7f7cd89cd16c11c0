using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sextant.Server.Keys;
using Sextant.Server.Metrics;

namespace Sextant.Server.Api;

/// <summary>The metrics for Prometheus.</summary>
internal static class MetricsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // An application that adds the service has its own telemetry.
        if (routes.ServiceProvider.GetService<PrometheusExporter>() is not { } exporter)
            return;
        routes
            .MapGet("/metrics", () => Results.Text(exporter.Write(), PrometheusExporter.ContentType))
            .ExcludeFromDescription()
            .Needs(KeyRights.Monitor, RightScope.Any);
    }
}
