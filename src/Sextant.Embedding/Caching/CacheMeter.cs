using System.Diagnostics.Metrics;

namespace Sextant.Embedding.Caching;

/// <summary>
/// Counts texts that the cache knew, and those it did not, by model; OpenTelemetry collects it from the meter <c>Sextant</c>.
/// </summary>
internal static class CacheMeter
{
    public const string CounterName = "sextant.cache.texts";

    private static readonly Meter Meter = new(EmbeddingPipeline.MeterName);
    private static readonly Counter<long> Texts = Meter.CreateCounter<long>(CounterName, "{text}", "Texts looked up in the cache");

    public static void Count(string model, int hits, int misses)
    {
        if (hits > 0)
            Texts.Add(hits, new("sextant.model", model), new("sextant.cache.result", "hit"));
        if (misses > 0)
            Texts.Add(misses, new("sextant.model", model), new("sextant.cache.result", "miss"));
    }
}
