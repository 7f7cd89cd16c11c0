using System.Text;
using System.Text.Json;
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
    private readonly Mutator[] _mutators =
    [
        .. RequestCorpus.Requests.Select(request => new Mutator(
            [request.Content],
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
            "\"ids\":",
            "\"searches\":",
            "\"collections\":",
            "\"positive\":",
            "\"group_by\":",
            "\"facets\":",
            "\"dry_run\":",
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
    private string _store = "",
        _cursor = "";

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        int which = seed % RequestCorpus.Requests.Length;
        ValidRequest valid = RequestCorpus.Requests[which];
        byte[] content = _mutators[which].Mutate(seed);
        using HttpRequestMessage request = Request(valid, content);
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

        // NaN and infinity are not JSON.
        if (status < 400)
            return valid.Path == "/mcp" || IsJson(said) ? FaultOutcome.Sound : Bad();
        return valid.Path == "/mcp" || JsonNode.Parse(said)?["error"]?["message"] is not null ? FaultOutcome.Refused : Bad();

        FaultOutcome Bad() => FaultOutcome.Failed($"{valid.Method} {valid.Path} {Convert.ToBase64String(content)}: {status} {said}");
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
        (await _http.PutAsync("/v1/collections/other", null)).EnsureSuccessStatusCode();
        JsonArray documents = [.. Enumerable.Range(0, 9).Select(FirstDocument)];
        await ReadAsync(HttpMethod.Post, "/v1/collections/fuzz/documents", documents.ToJsonString());
        _store = (string)(await ReadAsync(HttpMethod.Post, "/v1/vector_stores", "{}"))["id"]!;
        _cursor = (string)(await ReadAsync(HttpMethod.Get, "/v1/collections/fuzz/documents?limit=2&filter=year>=2020"))["next_cursor"]!;
    }

    private static JsonObject FirstDocument(int i) =>
        new()
        {
            ["id"] = $"{i}",
            ["text"] = $"text {i}",
            ["metadata"] = new JsonObject { ["year"] = 2018 + i },
        };

    private HttpRequestMessage Request(ValidRequest valid, byte[] content)
    {
        string path = valid.Path.Replace(RequestCorpus.Store, _store, StringComparison.Ordinal);
        if (!valid.HasBody)
        {
            string query = Encoding.UTF8.GetString(content).Replace(RequestCorpus.Cursor, _cursor, StringComparison.Ordinal);
            return new(new(valid.Method), $"{path}?{string.Join('&', query.Split('&').Select(Escape))}");
        }

        HttpRequestMessage request = new(new(valid.Method), path) { Content = new ByteArrayContent(content) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", valid.ContentType);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        return request;

        static string Escape(string field) => string.Join('=', field.Split('=', 2).Select(Uri.EscapeDataString));
    }

    private static bool IsJson(string said)
    {
        try
        {
            JsonNode.Parse(said);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task<JsonNode> ReadAsync(HttpMethod method, string path, string? body = null)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.SendAsync(request);
        string said = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(said)! : throw new InvalidOperationException($"{method} {path}: {said}");
    }
}
