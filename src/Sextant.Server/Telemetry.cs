using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sextant.Embedding;

namespace Sextant.Server;

/// <summary>
/// Sends traces and metrics by OpenTelemetry's protocol when the usual variables say where to; otherwise nothing is collected.
/// </summary>
internal static class Telemetry
{
    private const string ModelSource = "Experimental.Microsoft.Extensions.AI";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddSingleton<ServiceTelemetry>();
        if (string.IsNullOrEmpty(configuration["EXPORTER_OTLP_ENDPOINT"]))
            return;
        services
            .AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService("sextant", serviceVersion: typeof(Telemetry).Assembly.GetName().Version!.ToString(3))
            )
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(
                        ServiceTelemetry.MeterName,
                        EmbeddingPipeline.MeterName,
                        ModelSource,
                        "Microsoft.AspNetCore.Hosting",
                        "Microsoft.AspNetCore.Server.Kestrel",
                        "Microsoft.AspNetCore.RateLimiting",
                        "System.Runtime"
                    )
                    .AddOtlpExporter()
            )
            .WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", ModelSource).AddOtlpExporter());
    }
}
