using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Sextant.Embedding;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

/// <summary>
/// Telemetry according to OpenTelemetry's <c>gen_ai.*</c> conventions. Other tests run concurrently; a server's port distinguishes them.
/// </summary>
public sealed class TelemetryTests : IAsyncDisposable
{
    private readonly Provider _provider = Provider.Start("openai");
    private readonly Hosted _hosted = new();
    private readonly TelemetryRecorder _telemetry;

    public TelemetryTests()
    {
        foreach ((string variable, string value) in _provider.Variables)
            _hosted.Environment[variable] = value;
        _telemetry = new TelemetryRecorder(_provider.Server.Address.Port);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _telemetry.Dispose();
        _hosted.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_request_is_a_span_with_model_provider_and_tokens()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(_provider.Model);

        await model.EmbedDocumentsAsync(["one", "two words"], cancellationToken: Stop);

        Activity span = Assert.Single(_telemetry.Spans);
        Assert.Equal("embeddings text-embedding-3-large", span.DisplayName);
        Assert.Equal("embeddings", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("openai", span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal("text-embedding-3-large", span.GetTagItem("gen_ai.request.model"));
        Assert.Equal(3L, Convert.ToInt64(span.GetTagItem("gen_ai.usage.input_tokens"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task Tokens_and_durations_are_recorded()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(_provider.Model);

        await model.EmbedDocumentsAsync(["one", "two words"], cancellationToken: Stop);

        (string _, double tokens, Dictionary<string, object?> tags) = Assert.Single(
            _telemetry.Measured,
            static m => m.Name == "gen_ai.client.token.usage"
        );
        Assert.Equal(3, tokens);
        Assert.Equal("input", tags["gen_ai.token.type"]);
        Assert.Equal("text-embedding-3-large", tags["gen_ai.request.model"]);
        Assert.True(Assert.Single(_telemetry.Measured, static m => m.Name == "gen_ai.client.operation.duration").Value > 0);
    }

    [Fact]
    public async Task A_failure_is_marked_on_the_span_and_on_the_duration()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(_provider.Model);
        _provider.Server.Always = static _ => new Fault(400, "{\"error\":{\"message\":\"no\"}}");

        await Assert.ThrowsAnyAsync<SextantException>(() => model.EmbedDocumentsAsync(["one"], cancellationToken: Stop));

        Activity span = Assert.Single(_telemetry.Spans);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.EndsWith("ServiceException", Assert.IsType<string>(span.GetTagItem("error.type")), StringComparison.Ordinal);
        Assert.Contains(
            "error.type",
            Assert.Single(_telemetry.Measured, static m => m.Name == "gen_ai.client.operation.duration").Tags.Keys
        );
    }

    [Fact]
    public async Task Log_has_requests_retries_and_ids_but_no_keys_or_texts()
    {
        using var log = new ListLog();
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(
            _provider.Model,
            options => options with { LoggerFactory = log }
        );
        _provider.Server.Faults.Enqueue(new Fault(503, "", new() { ["retry-after-ms"] = "1" }));

        await model.EmbedDocumentsAsync(["a secret text"], cancellationToken: Stop);

        Assert.Contains(
            log.Lines,
            static line =>
                line.StartsWith(
                    "Information openai:text-embedding-3-large: 503 Service Unavailable; retrying in ",
                    StringComparison.Ordinal
                ) && line.Contains(" s (attempt 2 of 6)", StringComparison.Ordinal)
        );
        Assert.Contains(
            log.Lines,
            static line =>
                line.StartsWith("Debug openai:text-embedding-3-large: 1 texts, 3 tokens, ", StringComparison.Ordinal)
                && line.EndsWith("request req_good", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            log.Lines,
            line => line.Contains(_provider.Server.Key, StringComparison.Ordinal) || line.Contains("secret", StringComparison.Ordinal)
        );
    }

    private sealed class ListLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue($"{logLevel} {formatter(state, exception)}");

        public void Dispose() { }
    }
}
