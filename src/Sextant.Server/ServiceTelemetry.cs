using System.Diagnostics.Metrics;
using Sextant.Server.Backups;
using Sextant.Server.Collections;
using Sextant.Server.Models;
using Sextant.Server.Usage;

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

    public ServiceTelemetry(
        IMeterFactory meters,
        ServedModels models,
        ServedRerankers rerankers,
        CollectionSet collections,
        UsageLedger usage,
        BackupJob backups
    )
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
        _meter.CreateObservableCounter(
            "sextant.model.requests",
            () => Used(usage, static one => one.Requests),
            "{request}",
            "Calls of each model by each key"
        );
        _meter.CreateObservableCounter(
            "sextant.model.tokens",
            () => Used(usage, static one => one.Tokens),
            "{token}",
            "Tokens read by each model for each key"
        );
        _meter.CreateObservableCounter(
            "sextant.model.cost",
            () => Used(usage, static one => (double)one.Usd),
            "USD",
            "Cost of each hosted model for each key"
        );
        _meter.CreateObservableCounter("sextant.backup.failures", () => backups.Failures, "{backup}", "Failed backups");
        _meter.CreateObservableGauge(
            "sextant.backup.age",
            () => Age(backups),
            "s",
            "Age of the last backup of the collection whose last backup is oldest"
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

    private static IEnumerable<Measurement<T>> Used<T>(UsageLedger usage, Func<UsageEntry, T> value)
        where T : struct, System.Numerics.INumber<T> =>
        usage
            .List()
            .GroupBy(static one => (one.Key, one.Model))
            .Select(group => new Measurement<T>(
                group.Aggregate(T.Zero, (sum, one) => sum + value(one)),
                new KeyValuePair<string, object?>("sextant.key", group.Key.Key),
                new KeyValuePair<string, object?>("sextant.model", group.Key.Model)
            ));

    private static IEnumerable<Measurement<double>> Age(BackupJob backups)
    {
        // The names of collections in a folder, the only kind with backups, are read synchronously.
        if (backups.IsScheduled && backups.AgeAsync(CancellationToken.None).GetAwaiter().GetResult() is { } age)
            yield return new(age.TotalSeconds);
    }

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
