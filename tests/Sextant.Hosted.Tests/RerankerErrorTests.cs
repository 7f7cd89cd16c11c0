using Sextant.Embedding;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

/// <summary>Failures and malformed answers of rerankers: one line that names the model and the cure.</summary>
public sealed class RerankerErrorTests : IDisposable
{
    private readonly Hosted _hosted = new();

    public static TheoryData<string, string, string> ServicesAndTroubles
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (string service in (string[])["cohere", "voyage", "jina", "tei"])
            {
                all.Add(service, "stopped", "(no server is listening); check the network");
                all.Add(service, "refusing", "; check ");
                all.Add(service, "limiting", "; the rate limit is reached: run it again in 300 s");
                all.Add(service, "failing", "; run it again later");
                all.Add(service, "half an answer", " is incomplete or not JSON; run it again later");
                all.Add(service, "a web page", " answered with a web page; check ");
                all.Add(service, "another interface", "the response does not match this service's API");
                all.Add(service, "one forgotten", "returned 1 score for 2 documents (request req_good)");
                all.Add(service, "no index", "the response does not match this service's API");
                all.Add(service, "one twice", "text 1 does not exist, or has two results");
                all.Add(service, "one beyond", "text 2 does not exist, or has two results");
                all.Add(service, "no score", "the response does not match this service's API");
                all.Add(service, "infinite", "returned a score that is not finite for the document \"two\"");
                all.Add(service, "not a number", "is incomplete or not JSON");
            }

            return all;
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _hosted.Dispose();

    [Theory]
    [MemberData(nameof(ServicesAndTroubles))]
    public async Task Failure_is_a_one_line_error_with_the_model_and_the_fix(string service, string trouble, string says)
    {
        await using var server = FakeReranker.Start(service, _hosted.Environment);
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model, static options => options with { MaxRetries = 0 });
        if (trouble == "stopped")
            await server.DisposeAsync();
        server.Forgets = trouble == "one forgotten";
        string score = service == "tei" ? "score" : "relevance_score";
        server.Always = _ =>
            trouble switch
            {
                "refusing" => new Fault(401, "{\"message\":\"no such key\"}"),
                "limiting" => new Fault(429, "{\"message\":\"slow down\"}", new() { ["Retry-After"] = "300" }),
                "failing" => new Fault(502, "<html>Bad gateway</html>"),
                "half an answer" => new Fault(200) { HalfAnswer = true },
                "a web page" => new Fault(200, "<!doctype html><title>Welcome</title>"),
                "another interface" => new Fault(200, "{\"hello\":\"world\"}"),
                "no index" => Ranks($$"""{"{{score}}":0.5},{"index":1,"{{score}}":0.5}"""),
                "one twice" => Ranks($$"""{"index":1,"{{score}}":0.5},{"index":1,"{{score}}":0.5}"""),
                "one beyond" => Ranks($$"""{"index":0,"{{score}}":0.5},{"index":2,"{{score}}":0.5}"""),
                "no score" => Ranks($$"""{"index":0,"{{score}}":null},{"index":1,"{{score}}":0.5}"""),
                "infinite" => Ranks($$"""{"index":0,"{{score}}":0.5},{"index":1,"{{score}}":1e999}"""),
                "not a number" => Ranks($$"""{"index":0,"{{score}}":NaN},{"index":1,"{{score}}":0.5}"""),
                _ => null,
            };

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(() => reranker.ScoreAsync("query", ["one", "two"], Stop));

        Assert.StartsWith(server.Model + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        // Scores are not cached, so the message does not mention it.
        Assert.DoesNotContain("embedded", error.Message, StringComparison.Ordinal);
        if (server.Key.Length > 0)
            Assert.DoesNotContain(server.Key, error.Message, StringComparison.Ordinal);

        Fault Ranks(string ranks) =>
            new(
                200,
                service switch
                {
                    "voyage" => $$"""{"object":"list","usage":{"total_tokens":4},"data":[{{ranks}}] }""",
                    "tei" => $"[{ranks}]",
                    _ => $$"""{"results":[{{ranks}}] }""",
                }
            );
    }

    [Theory]
    [InlineData("cohere")]
    [InlineData("voyage")]
    [InlineData("jina")]
    [InlineData("tei")]
    public async Task Rate_limited_request_is_retried_after_the_requested_delay(string service)
    {
        var time = new RecordedTime();
        await using var server = FakeReranker.Start(service, _hosted.Environment);
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model, options => options with { TimeProvider = time });
        server.Faults.Enqueue(new Fault(429, "{\"message\":\"slow down\"}", new() { ["Retry-After"] = "20" }));

        Task<IReadOnlyList<float>> scores = reranker.ScoreAsync("query", ["one"], Stop);
        TimeSpan waited = await time.WaitedAsync(scores, () => server.Requests.Count);

        Assert.InRange(waited.TotalSeconds, 20, 21.5);
        Assert.Equal(2, server.Scored.Count());
        Assert.Equal(FakeReranker.ScoreOf("query", "one"), Assert.Single(await scores));
    }

    [Fact]
    public async Task Unreachable_server_is_an_error_at_opening()
    {
        FakeReranker server = FakeReranker.Start("tei", _hosted.Environment);
        await server.DisposeAsync();

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(() =>
            _hosted.OpenRerankerAsync(server.Model, static o => o with { MaxRetries = 0 })
        );

        Assert.StartsWith(
            $"{server.Model}: cannot reach {server.Address.Authority} (no server is listening)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("cohere:rerank-v3.5", "set the environment variable COHERE_API_KEY")]
    [InlineData("voyage:rerank-2.5", "set the environment variable VOYAGE_API_KEY")]
    [InlineData("jina:jina-reranker-v3", "set the environment variable JINA_API_KEY")]
    [InlineData("jina:", "has no model name; write for example jina:jina-reranker-v3")]
    public async Task Incomplete_model_name_is_rejected_with_the_missing_part(string name, string says)
    {
        InputException error = await Assert.ThrowsAsync<InputException>(() => _hosted.OpenRerankerAsync(name));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cohere")]
    [InlineData("voyage")]
    [InlineData("jina")]
    public async Task Offline_open_needs_no_key_and_sends_nothing(string service)
    {
        await using var server = FakeReranker.Start(service, _hosted.Environment);
        _hosted.Environment.Remove($"{service.ToUpperInvariant()}_API_KEY");
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model, static options => options with { Offline = true });

        InputException error = await Assert.ThrowsAsync<InputException>(() => reranker.ScoreAsync("query", ["one"], Stop));

        Assert.StartsWith($"{server.Model} needs the network", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Cancellation_stops_all_requests()
    {
        await using var server = FakeReranker.Start("tei", _hosted.Environment);
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        server.Before = async _ => await stop.CancelAsync();
        server.Always = static _ => new Fault(200) { Silent = true };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reranker.ScoreAsync("query", ["one"], stop.Token));
    }
}
