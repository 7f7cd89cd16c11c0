using System.Diagnostics.Metrics;
using Sextant.Server.Collections;
using Sextant.Server.Models;

namespace Sextant.Server;

/// <summary>
/// The service's own metrics, in addition to the framework's <c>http.server.*</c> (latency by route) and the models' <c>gen_ai.*</c>. Names
/// are listed in docs/service.md.
/// </summary>
internal sealed class ServiceTelemetry : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sextant.Server";

    private readonly Meter _meter;

    public ServiceTelemetry(IMeterFactory meters, ServedModels models, ServedRerankers rerankers, CollectionSet collections)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge(
            "sextant.model.queue",
            () => models.Waiting + rerankers.Opened.Sum(one => one.Waiting),
            "{request}",
            "Requests waiting for models"
        );
        _meter.CreateObservableCounter(
            "sextant.rerank.documents",
            () => Reranked(rerankers),
            "{document}",
            "Documents scored by each reranker"
        );
        _meter.CreateObservableGauge("sextant.collections.open", () => collections.Opened.Count(), "{collection}", "Open collections");
        _meter.CreateObservableGauge(
            "sextant.index.size",
            () => IndexSizes(collections),
            "By",
            "Bytes of each open collection's index file"
        );
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Reranked(ServedRerankers rerankers) =>
        rerankers.Opened.Select(one => new Measurement<long>(one.Documents, new KeyValuePair<string, object?>("sextant.model", one.Name)));

    private static IEnumerable<Measurement<long>> IndexSizes(CollectionSet collections)
    {
        foreach (OpenCollection collection in collections.Opened)
        {
            // A database keeps its indexes to itself.
            FileInfo index = new(Path.Combine(collections.Root.LocationOf(collection.Name), "index.hnsw"));
            if (index.Exists)
                yield return new(index.Length, new KeyValuePair<string, object?>("collection", collection.Name));
        }
    }
}
