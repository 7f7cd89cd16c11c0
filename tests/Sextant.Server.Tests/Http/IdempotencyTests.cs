using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sextant.Server.Api.Documents;
using Sextant.Server.Http;

namespace Sextant.Server.Tests.Http;

/// <summary>Requests that are sent again under their <c>Idempotency-Key</c>.</summary>
public sealed class IdempotencyTests(SharedService shared)
{
    private static readonly DocumentsAdded Done = new(["1"], 1, 0, 0);

    private readonly IdempotentAnswers _answers = new(TimeProvider.System);

    [Fact]
    public async Task Idempotency_key_ends_with_its_collection()
    {
        await shared.Service.CreateAsync("reborn");
        HttpResponseMessage first = await PostAsync("reborn", "key", "{\"id\":\"1\",\"text\":\"one\"}");
        (await shared.Service.Http.DeleteAsync("/v1/collections/reborn")).EnsureSuccessStatusCode();
        await shared.Service.CreateAsync("reborn");
        HttpResponseMessage again = await PostAsync("reborn", "key", "{\"id\":\"1\",\"text\":\"one\"}");
        HttpResponseMessage replayed = await PostAsync("reborn", "key", "{\"id\":\"1\",\"text\":\"one\"}");
        JsonNode document = (await shared.Service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/reborn/documents/1"))!;

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.False(again.Headers.Contains("Idempotent-Replayed"));
        Assert.True(replayed.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("one", (string)document["text"]!);
    }

    [Fact]
    public async Task Idempotency_key_ends_when_the_collections_folder_is_replaced()
    {
        await shared.Service.CreateAsync("swapped");
        await shared.Service.CreateAsync("spare");
        await PostAsync("swapped", "key", "{\"id\":\"1\",\"text\":\"one\"}");
        string collections = Path.Combine(shared.Service.Folder, "collections");
        Directory.Move(Path.Combine(collections, "swapped"), Path.Combine(collections, "old"));
        Directory.Move(Path.Combine(collections, "spare"), Path.Combine(collections, "swapped"));
        HttpResponseMessage again = await PostAsync("swapped", "key", "{\"id\":\"1\",\"text\":\"one\"}");
        HttpResponseMessage document = await shared.Service.Http.GetAsync("/v1/collections/swapped/documents/1");

        Assert.True(again.IsSuccessStatusCode, await again.Content.ReadAsStringAsync());
        Assert.False(again.Headers.Contains("Idempotent-Replayed"));
        Assert.True(document.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Retry_after_a_client_timeout_is_executed()
    {
        await shared.Service.CreateAsync("hasty");
        string body =
            $"[{string.Join(',', Enumerable.Range(0, 200).Select(i => $"{{\"id\":\"{i}\",\"text\":\"{new string('a', 2000)} {i}\"}}"))}]";
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        for (int i = 0; i < 10; i++)
        {
            await using (
                RawRequest request = await RawRequest.SendAsync(
                    shared.Service.Url,
                    $"POST /v1/collections/hasty/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        + $"application/json\r\nIdempotency-Key: {i}\r\nContent-Length: {bytes.Length}\r\n\r\n"
                )
            )
            {
                await request.WriteAsync(bytes);
            }

            HttpResponseMessage retry = await PostAsync("hasty", $"{i}", body);
            Assert.True(retry.IsSuccessStatusCode, await retry.Content.ReadAsStringAsync());
            Assert.Equal(200, (await retry.Content.ReadFromJsonAsync<JsonNode>())!["ids"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task Work_continues_for_a_retry_after_the_first_client_disconnects()
    {
        TaskCompletionSource finish = new();
        using CancellationTokenSource leaving = new();
        int runs = 0;
        Task<DocumentsAdded> first = AskAsync(Work, cancellationToken: leaving.Token),
            retry = AskAsync(Work);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        finish.SetResult();

        Assert.Same(Done, await retry);
        Assert.Equal(1, runs);

        async Task<DocumentsAdded> Work(CancellationToken stopped)
        {
            runs++;
            await finish.Task.WaitAsync(stopped);
            return Done;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Retry_waits_for_abandoned_work_and_runs_only_if_it_failed(bool succeeds)
    {
        TaskCompletionSource end = new();
        using CancellationTokenSource leaving = new();
        DocumentsAdded own = new(["own"], 1, 0, 0);
        CancellationToken given = default;
        Task<DocumentsAdded> first = AskAsync(
            async stopped =>
            {
                given = stopped;
                await end.Task;
                if (!succeeds)
                    stopped.ThrowIfCancellationRequested();
                return Done;
            },
            cancellationToken: leaving.Token
        );
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True(given.IsCancellationRequested);
        Task<DocumentsAdded> retry = AskAsync(_ => Task.FromResult(own));
        Assert.False(retry.IsCompleted);
        end.SetResult();

        Assert.Same(succeeds ? Done : own, await retry);
    }

    [Fact]
    public async Task Concurrent_requests_with_one_key_are_executed_once()
    {
        TaskCompletionSource finish = new();
        int runs = 0;
        Task<DocumentsAdded>[] all =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(_ =>
                    AskAsync(async _ =>
                    {
                        Interlocked.Increment(ref runs);
                        await finish.Task;
                        return Done;
                    })
                ),
        ];
        finish.SetResult();

        Assert.All(await Task.WhenAll(all), answer => Assert.Same(Done, answer));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Failed_request_is_retried_and_another_body_is_rejected()
    {
        await Assert.ThrowsAsync<SextantException>(() => AskAsync(_ => throw new SextantException("busy")));
        Assert.Same(Done, await AskAsync(_ => Task.FromResult(Done)));

        ServiceException reused = await Assert.ThrowsAsync<ServiceException>(() => AskAsync(_ => Task.FromResult(Done), text: "another"));
        Assert.Equal((422, "idempotency_key_reused"), (reused.Status, reused.Code));
        Assert.Same(Done, await AskAsync(_ => Task.FromResult(Done), text: "another", incarnation: "2"));
    }

    [Fact]
    public async Task Long_responses_are_evicted_to_limit_memory()
    {
        DocumentsAdded large = new([new string('x', 20 << 20)], 1, 0, 0);
        await AskAsync(_ => Task.FromResult(large), key: "old");
        Assert.Same(large, await AskAsync(_ => Task.FromResult(Done), key: "old"));
        await AskAsync(_ => Task.FromResult(large), key: "new");

        Assert.Same(Done, await AskAsync(_ => Task.FromResult(Done), key: "old"));
        Assert.Same(large, await AskAsync(_ => Task.FromResult(Done), key: "new"));
    }

    private Task<DocumentsAdded> AskAsync(
        Func<CancellationToken, Task<DocumentsAdded>> work,
        string text = "a",
        string key = "key",
        string incarnation = "1",
        CancellationToken cancellationToken = default
    )
    {
        DefaultHttpContext context = new();
        context.Request.Headers["Idempotency-Key"] = key;
        return _answers.GetAsync(
            context.Request,
            _ => Task.FromResult(incarnation),
            [new DocumentInput { Text = text }],
            work,
            cancellationToken
        );
    }

    private Task<HttpResponseMessage> PostAsync(string collection, string key, string body) =>
        shared.Service.Http.SendAsync(
            new(HttpMethod.Post, $"/v1/collections/{collection}/documents")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
                Headers = { { "Idempotency-Key", key } },
            }
        );
}
