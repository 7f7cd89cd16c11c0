using System.Diagnostics;
using Sextant.Embedding;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

/// <summary>The telemetry of a reranker. Other tests run concurrently; a server's port distinguishes them.</summary>
public sealed class RerankerTelemetryTests : IAsyncDisposable
{
    private readonly Hosted _hosted = new();
    private readonly FakeReranker _server;
    private readonly TelemetryRecorder _telemetry;

    public RerankerTelemetryTests()
    {
        _server = FakeReranker.Start("voyage", _hosted.Environment);
        _telemetry = new TelemetryRecorder(_server.Address.Port);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _telemetry.Dispose();
        _hosted.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_a_span_with_model_provider_and_tokens_and_is_measured()
    {
        using IReranker reranker = await _hosted.OpenRerankerAsync(_server.Model);

        await reranker.ScoreAsync("query", ["one", "two words"], Stop);

        Activity span = Assert.Single(_telemetry.Spans);
        Assert.Equal("rerank rerank-2.5", span.DisplayName);
        Assert.Equal("rerank", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("voyage", span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal("rerank-2.5", span.GetTagItem("gen_ai.request.model"));
        Assert.Equal(5L, span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        (string _, double tokens, Dictionary<string, object?> tags) = Assert.Single(
            _telemetry.Measured,
            static m => m.Name == "gen_ai.client.token.usage"
        );
        Assert.Equal((5d, "input"), (tokens, tags["gen_ai.token.type"]));
        Assert.True(Assert.Single(_telemetry.Measured, static m => m.Name == "gen_ai.client.operation.duration").Value > 0);
    }

    [Fact]
    public async Task A_failure_is_marked_on_the_span_and_on_the_duration()
    {
        using IReranker reranker = await _hosted.OpenRerankerAsync(_server.Model);
        _server.Forgets = true;

        await Assert.ThrowsAnyAsync<SextantException>(() => reranker.ScoreAsync("query", ["one", "two"], Stop));

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(_telemetry.Spans).Status);
        Assert.Contains(
            "error.type",
            Assert.Single(_telemetry.Measured, static m => m.Name == "gen_ai.client.operation.duration").Tags.Keys
        );
        Assert.Equal(0, _hosted.Usage.Requests);
    }
}
