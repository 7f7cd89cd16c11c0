using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sextant.Embedding;
using Sextant.Server.Metrics;

namespace Sextant.Server;

/// <summary>
/// Collects metrics for Prometheus, and sends traces and metrics by OpenTelemetry's protocol when the usual variables say where to.
/// </summary>
internal static class Telemetry
{
    private const string ModelSource = "Experimental.Microsoft.Extensions.AI";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddSingleton<ServiceTelemetry>();
        bool isExported = !string.IsNullOrEmpty(configuration["EXPORTER_OTLP_ENDPOINT"]);
        services.AddSingleton<PrometheusExporter>();
        OpenTelemetryBuilder telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService("sextant", serviceVersion: typeof(Telemetry).Assembly.GetName().Version!.ToString(3))
            )
            .WithMetrics(metrics =>
            {
                // A process can contain several services, and meters of the same name; each service reports its own.
                if (metrics is IDeferredMeterProviderBuilder deferred)
                    deferred.Configure(static (services, builder) => builder.AddView(instrument => Select(instrument, services)));
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
                    .AddReader(static services => new BaseExportingMetricReader(services.GetRequiredService<PrometheusExporter>()));
                if (isExported)
                    metrics.AddOtlpExporter();
            });
        if (isExported)
            telemetry.WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", ModelSource).AddOtlpExporter());
    }

    private static MetricStreamConfiguration? Select(Instrument instrument, IServiceProvider services) =>
        instrument.Meter.Scope is IMeterFactory factory && factory != services.GetRequiredService<IMeterFactory>()
            ? MetricStreamConfiguration.Drop
            : null;
}
