using System.Text.Json.Nodes;
using Sextant.Models;
using Sextant.Server;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>
/// A request to a service in this process: it is answered, or refused with an error that does not speak of the service's insides.
/// </summary>
#pragma warning disable CA1001 // CloseAsync ends what it owns.
internal sealed class FuzzedRequest() : FaultKind("request")
#pragma warning restore CA1001
{
    private static readonly (string Path, string Body)[] Requests =
    [
        ("/v1/embeddings", """{"model":"sextant-small","input":["a","b"],"dimensions":64,"encoding_format":"base64","user":"u"}"""),
        ("/v1/embeddings", """{"model":"sextant-small","input":[[101,7592,102]]}"""),
        (
            "/v1/collections/fuzz/documents",
            """{"documents":[{"id":"1","text":"a text","metadata":{"year":2020,"tags":["a"]}},{"text":"b"}]}"""
        ),
        ("/v1/collections/fuzz/documents", """{"documents":[{"id":"2","text":"c","vector":[0.1,0.2]}]}"""),
        (
            "/v1/collections/fuzz/search",
            """{"query":"a text","k":3,"offset":0,"filter":"year >= 2020 and tags contains 'a'","mode":"hybrid","min_score":0.1}"""
        ),
        ("/v1/collections/fuzz/search", """{"id":"1","k":2}"""),
        ("/v1/collections/fuzz/search", """{"vector":[0.1,0.2,0.3],"k":2}"""),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":"""
                + """{"collection":"fuzz","query":"a","k":2}}}"""
        ),
        (
            "/mcp",
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":"""
                + """{},"clientInfo":{"name":"c","version":"1"}}}"""
        ),
    ];

    private readonly Mutator[] _mutators =
    [
        .. Requests.Select(request => new Mutator(
            [request.Body],
            "\"query\":",
            "\"vector\":",
            "\"id\":",
            "\"filter\":",
            "\"k\":",
            "\"text\":",
            "\"metadata\":",
            "\"documents\":",
            "\"input\":",
            "\"dimensions\":",
            "\"model\":",
            "[[",
            "]]",
            "{}",
            "[]",
            "\"\\ud800\":1",
            "2147483648",
            "1e39"
        )),
    ];

    private readonly CancellationTokenSource _end = new();
    private Task _service = Task.CompletedTask;
    private HttpClient _http = new();

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        int which = seed % Requests.Length;
        string path = Requests[which].Path;
        byte[] body = _mutators[which].Mutate(seed);
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using HttpResponseMessage answer = await _http.SendAsync(request);
        string said = await answer.Content.ReadAsStringAsync();
        int status = (int)answer.StatusCode;
        if (status >= 500)
            return Bad();
        if (
            said.Contains("   at ", StringComparison.Ordinal)
            || said.Contains("System.", StringComparison.Ordinal)
            || said.Contains(Folder, StringComparison.Ordinal)
        )
        {
            return Bad();
        }

        if (status < 400)
            return said.Contains("NaN", StringComparison.Ordinal) ? Bad() : FaultOutcome.Sound;
        return path == "/mcp" || JsonNode.Parse(said)?["error"]?["message"] is not null ? FaultOutcome.Refused : Bad();

        FaultOutcome Bad() => FaultOutcome.Failed($"{path} {Convert.ToBase64String(body)}: {status} {said}");
    }

    public override async Task CloseAsync()
    {
        await _end.CancelAsync();
        await _service;
        _http.Dispose();
    }

    protected override async Task PrepareAsync()
    {
        TaskCompletionSource<string> address = new();
        Dictionary<string, string?> settings = new()
        {
            ["Sextant:Collections"] = Folder,
            ["Sextant:Urls"] = "http://127.0.0.1:0",
            ["Sextant:RequestsPerSecond"] = "0",
        };
        _service = SextantServer.RunAsync(
            settings,
            ModelRegistry.Default,
            [],
            addresses => address.SetResult(addresses.First()),
            _end.Token
        );
        if (await Task.WhenAny(_service, address.Task) == _service)
            await _service;
        _http = new() { BaseAddress = new(await address.Task) };
        (await _http.PutAsync("/v1/collections/fuzz", null)).EnsureSuccessStatusCode();
    }
}
