using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sextant.Hosted;

/// <summary>
/// One request of a reranker as a span and as measurements, under the names of OpenTelemetry's <c>gen_ai.*</c> conventions that embedding
/// requests have.
/// </summary>
internal sealed class RerankSpan : IDisposable
{
    private static readonly ActivitySource Source = new(HostedModelProvider.TelemetrySource);
    private static readonly Meter Meter = new(HostedModelProvider.TelemetrySource);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "gen_ai.client.operation.duration",
        "s",
        "Measures the duration of a GenAI operation"
    );

    private static readonly Histogram<long> TokenUsage = Meter.CreateHistogram<long>(
        "gen_ai.client.token.usage",
        "{token}",
        "Measures number of input and output tokens used"
    );

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Activity? _activity;
    private TagList _tags;

    public RerankSpan(HostedRerankerModel model)
    {
        _tags = new TagList
        {
            { "gen_ai.operation.name", "rerank" },
            { "gen_ai.provider.name", model.Name.Provider },
            { "gen_ai.request.model", model.Name.Model },
            { "server.address", model.Address.Host },
            { "server.port", model.Address.Port },
        };
        _activity = Source.StartActivity($"rerank {model.Name.Model}", ActivityKind.Client, default(ActivityContext), _tags);
    }

    /// <summary>The request was answered.</summary>
    public void Succeed(long tokens)
    {
        _activity?.SetTag("gen_ai.usage.input_tokens", tokens);
        TokenUsage.Record(tokens, [.. _tags, new("gen_ai.token.type", "input")]);
    }

    /// <summary>The request failed, or its answer was of no use.</summary>
    public void Fail(Exception error)
    {
        string type = error.GetType().FullName ?? error.GetType().Name;
        _tags.Add("error.type", type);
        _activity?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, error.Message);
    }

    public void Dispose()
    {
        Duration.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, _tags);
        _activity?.Dispose();
    }
}
