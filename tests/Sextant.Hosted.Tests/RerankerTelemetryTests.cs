using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sextant.Hosted.Tests.Services;
using Sextant.Models;

namespace Sextant.Hosted.Tests;

/// <summary>What an operator sees of a reranker. Other tests run at the same time; a server's port tells them apart.</summary>
public sealed class RerankerTelemetryTests : IAsyncDisposable
{
    private const string Source = "Sextant.Hosted";

    private readonly Hosted _hosted = new();
    private readonly FakeReranker _server;
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = new();
    private readonly ActivityListener _activities;
    private readonly MeterListener _meters = new();

    public RerankerTelemetryTests()
    {
        _server = FakeReranker.Start("voyage", _hosted.Environment);
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Source,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("server.port"), _server.Address.Port))
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_activities);
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Source)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.Start();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        _activities.Dispose();
        _hosted.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_a_span_with_model_provider_and_tokens_and_is_measured()
    {
        using IReranker reranker = await _hosted.OpenRerankerAsync(_server.Model);

        await reranker.ScoreAsync("query", ["one", "two words"], Stop);

        Activity span = Assert.Single(_spans);
        Assert.Equal("rerank rerank-2.5", span.DisplayName);
        Assert.Equal("rerank", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("voyage", span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal("rerank-2.5", span.GetTagItem("gen_ai.request.model"));
        Assert.Equal(5L, span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        (string _, double tokens, Dictionary<string, object?> tags) = Assert.Single(_measured, static m => m.Name == "gen_ai.client.token.usage");
        Assert.Equal((5d, "input"), (tokens, tags["gen_ai.token.type"]));
        Assert.True(Assert.Single(_measured, static m => m.Name == "gen_ai.client.operation.duration").Value > 0);
    }

    [Fact]
    public async Task A_failure_is_marked_on_the_span_and_on_the_duration()
    {
        using IReranker reranker = await _hosted.OpenRerankerAsync(_server.Model);
        _server.Forgets = true;

        await Assert.ThrowsAnyAsync<SextantException>(() => reranker.ScoreAsync("query", ["one", "two"], Stop));

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(_spans).Status);
        Assert.Contains("error.type", Assert.Single(_measured, static m => m.Name == "gen_ai.client.operation.duration").Tags.Keys);
        Assert.Equal(0, _hosted.Usage.Requests);
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = new Dictionary<string, object?>(tags.ToArray());
        if (Equals(all.GetValueOrDefault("server.port"), _server.Address.Port))
            _measured.Enqueue((instrument.Name, value, all));
    }
}
