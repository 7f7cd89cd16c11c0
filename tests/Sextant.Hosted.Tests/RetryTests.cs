using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

/// <summary>Which failures are retried, and when. Uses a fake clock without real waits.</summary>
public sealed class RetryTests : IAsyncDisposable
{
    private const string Model = "openai:text-embedding-3-small";
    private const string RateLimited =
        """{"error":{"message":"Rate limit reached","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""";
    private const string NoQuota =
        """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""";

    private readonly FakeOpenAI _server = new();
    private readonly Hosted _hosted = new();
    private readonly RecordedTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _hosted.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    [InlineData(409)]
    [InlineData(429)]
    public async Task Transient_failure_is_retried(int status)
    {
        _server.Faults.Enqueue(new Fault(status, RateLimited));
        _server.Faults.Enqueue(new Fault(status, RateLimited));

        TimeSpan waited = await EmbedAsync();

        Assert.Equal(3, _server.Requests.Count);
        Assert.InRange(waited.TotalSeconds, 0.75 * 1.5, 1.5 + 1);
    }

    [Theory]
    [InlineData("Retry-After", "20", 20)]
    [InlineData("retry-after-ms", "7000", 7)]
    [InlineData("Retry-After", "Sat, 01 Jan 2000 00:00:30 GMT", 30)]
    public async Task Retry_waits_as_long_as_the_service_requests(string header, string value, int seconds)
    {
        _server.Faults.Enqueue(new Fault(429, RateLimited, new() { [header] = value }));

        TimeSpan waited = await EmbedAsync();

        Assert.InRange(waited.TotalSeconds, seconds, seconds + 1.5);
    }

    [Fact]
    public async Task Truncated_response_is_retried()
    {
        _server.Faults.Enqueue(new Fault(200) { HalfAnswer = true });
        _server.Faults.Enqueue(new Fault(200, "{\"object\":\"list\",\"data\":["));

        await EmbedAsync();

        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task Request_without_a_response_times_out_and_is_retried()
    {
        _server.Faults.Enqueue(new Fault(200) { Silent = true });

        TimeSpan waited = await EmbedAsync();

        Assert.Equal(2, _server.Requests.Count);
        Assert.InRange(waited.TotalSeconds, 100, 103);
    }

    [Theory]
    [InlineData(429, NoQuota, "the account's quota is used up")]
    [InlineData(400, """{"error":{"message":"bad","type":"invalid_request_error","param":null,"code":null}}""", "answered 400 bad")]
    [InlineData(400, """{"error":"the input length exceeds the context length"}""", "; split the texts into shorter chunks")]
    [InlineData(
        401,
        """{"error":{"message":"Incorrect API key provided: sk-test-1234567890","type":"","param":null,"code":"invalid_api_key"}}""",
        "check OPENAI_API_KEY"
    )]
    [InlineData(
        404,
        """{"error":{"message":"The model does not exist","type":"","param":null,"code":"model_not_found"}}""",
        "check the model's name"
    )]
    public async Task Permanent_failure_is_not_retried(int status, string body, string says)
    {
        _server.Always = _ => new Fault(status, body, new() { ["x-request-id"] = "req_42" });

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(EmbedAsync);

        Assert.Single(_server.Requests);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("(request req_42)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Key, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Web_page_instead_of_vectors_is_not_retried()
    {
        _server.Always = _ => new Fault(200, "\uFEFF \n<!doctype html><title>Welcome to our hotel</title>");

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(EmbedAsync);

        Assert.Single(_server.Requests);
        Assert.Contains("answered with a web page; check OPENAI_BASE_URL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requested_delay_over_two_minutes_is_an_error()
    {
        _server.Always = _ => new Fault(429, RateLimited, new() { ["Retry-After"] = "121" });

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(EmbedAsync);

        Assert.Single(_server.Requests);
        Assert.Contains("run it again in 121 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_fails_after_six_attempts()
    {
        _server.Always = _ => new Fault(500, "<html>oops</html>");

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(EmbedAsync);

        Assert.Equal(6, _server.Requests.Count);
        Assert.Contains("answered 500 Internal Server Error; run it again later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_request_waits_until_the_rate_limit_of_the_headers_allows_it()
    {
        _server.AnswerHeaders["x-ratelimit-limit-requests"] = "60";
        _server.AnswerHeaders["x-ratelimit-remaining-requests"] = "0";
        _server.AnswerHeaders["x-ratelimit-reset-requests"] = "1m0s";
        using IEmbeddingGenerator<string, Embedding<float>> model = await OpenAsync();
        await model.EmbedQueryAsync("first", cancellationToken: Stop);

        TimeSpan waited = await WaitedAsync(model.EmbedQueryAsync("second", cancellationToken: Stop));

        Assert.InRange(waited.TotalSeconds, 1, 2);
    }

    [Fact]
    public async Task Token_limit_per_minute_delays_requests()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await OpenAsync(o => o with { TokensPerMinute = 4 });
        await model.EmbedQueryAsync("one two three four", cancellationToken: Stop);

        TimeSpan waited = await WaitedAsync(model.EmbedQueryAsync("five six seven eight", cancellationToken: Stop));

        Assert.InRange(waited.TotalSeconds, 60, 61);
    }

    [Theory]
    [InlineData("1s", 1000)]
    [InlineData("6m0s", 360_000)]
    [InlineData("120ms", 120)]
    [InlineData("1h2m3.5s", 3_723_500)]
    [InlineData("2", 2000)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    public void Go_durations_are_parsed(string text, int? milliseconds) =>
        Assert.Equal(milliseconds, (int?)Http.RateGate.Duration(text)?.TotalMilliseconds);

    private Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(Func<HostedModelOptions, HostedModelOptions>? change = null)
    {
        _hosted.Environment["OPENAI_API_KEY"] = _server.Key;
        _hosted.Environment["OPENAI_BASE_URL"] = new Uri(_server.Address, "/v1").ToString();
        return _hosted.OpenAsync(Model, o => (change ?? (static same => same))(o with { TimeProvider = _time }));
    }

    /// <summary>Embeds a text and returns how long that would have taken.</summary>
    private async Task<TimeSpan> EmbedAsync()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await OpenAsync();
        return await WaitedAsync(model.EmbedQueryAsync("hello", cancellationToken: Stop));
    }

    private Task<TimeSpan> WaitedAsync(Task work) => _time.WaitedAsync(work, () => _server.Requests.Count);
}
