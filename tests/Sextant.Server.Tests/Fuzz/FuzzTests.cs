using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Sextant.Server.Tests.Http;

namespace Sextant.Server.Tests.Fuzz;

/// <summary>Malformed requests. Every response is a one-line client error or the requested result.</summary>
public sealed class FuzzTests
{
    // Far less than leaked requests would take in a long run, far more than uncollected garbage.
    private const long MostGrowth = 512L << 20;

    private static readonly Regex NoReason = new(
        @"-32603|An error occurred( invoking \\u0027\w+\\u0027)?\.""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(10)
    );

    /// <summary>How many requests; <c>SEXTANT_TEST_FUZZ=100000</c> for a long run.</summary>
    private static readonly int Requests = Setting("SEXTANT_TEST_FUZZ", 3000);

    /// <summary>Another seed makes other requests: <c>SEXTANT_TEST_FUZZ_SEED=6</c>.</summary>
    private static readonly int Seed = Setting("SEXTANT_TEST_FUZZ_SEED", 5);

    [Fact]
    public async Task Random_requests_never_crash_the_service_or_reveal_internals()
    {
        await using ServiceProcess service = await StartAsync();
        RequestFuzzer fuzzer = new(Seed, (await service.Http.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!);
        Assert.True(fuzzer.Routed > 10);
        long memory = 0;
        for (int i = 0; i < Requests; i++)
        {
            if (i == Requests / 2)
                memory = service.Memory;
            FuzzRequest made = fuzzer.Next();
            using HttpRequestMessage request = made.ToMessage(service.Url);
            using HttpResponseMessage answer = await service.Http.SendAsync(request);
            string said = await answer.Content.ReadAsStringAsync();
            if (Fault(service, made, (int)answer.StatusCode, said) is { } fault)
                Assert.Fail($"seed {Seed}, request {i} {fault}: {made}: {(int)answer.StatusCode} {said}");
        }

        long grown = service.Memory - memory;
        TestContext.Current.SendDiagnosticMessage(
            "{0} requests of seed {1}; {2} MB at half, {3} MB more at the end",
            Requests,
            Seed,
            memory >> 20,
            grown >> 20
        );
        Assert.True(grown < MostGrowth, $"the second half of the requests took {grown >> 20} MB");
        await IsWellAsync(service);
    }

    [Fact]
    public async Task Aborted_requests_and_wrong_lengths_are_harmless()
    {
        await using ServiceProcess service = await StartAsync();
        RequestFuzzer fuzzer = new(Seed + 1, (await service.Http.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!);
        Random random = new(Seed);
        for (int i = 0; i < Requests / 10; i++)
        {
            FuzzRequest made = fuzzer.Next();
            byte[] body = made.Body ?? [];
            string length = random.Next(4) switch
            {
                0 => "Transfer-Encoding: chunked",
                1 => $"Content-Length: {body.Length + random.Next(1, 100)}",
                2 => $"Content-Length: {random.Next(body.Length + 1)}",
                _ => $"Content-Length: {body.Length}",
            };
            StringBuilder head = new(
                $"{made.Method} {made.Url.Replace(' ', '+')} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}\r\n"
            );
            foreach ((string name, string value) in made.Headers)
                head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            byte[] bytes = [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body];
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            string answer;
            await using (RawRequest request = await RawRequest.SendAsync(service.Url, ""))
            {
                try
                {
                    await request.WriteAsync(bytes);
                    request.EndSending();
                }
                catch (IOException)
                {
                    // It hung up before it had heard everything, which it may.
                }

                answer = await request.ReadToEndAsync();
            }

            Assert.False(
                answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) || TellsOfInsides(service, answer),
                $"seed {Seed}, request {i}: {made}: {answer}"
            );
        }

        await IsWellAsync(service);
    }

    private static string? Fault(ServiceProcess service, FuzzRequest made, int status, string said)
    {
        if (status >= 500)
            return "failed";
        // The MCP response in place of a 500: an error without a reason. For invalid bytes, the protocol's own reader gives none.
        if (NoReason.IsMatch(said) && Utf8.IsValid(made.Body))
            return "failed";
        if (status < 400)
            return null;
        if (TellsOfInsides(service, said))
            return "tells of its insides";
        if (made.Method.Equals("HEAD", StringComparison.OrdinalIgnoreCase))
            return null;
        // The web server itself rejects input that is not a request, before any of our code runs.
        if (said.Length == 0)
            return status is 400 or 414 or 431 ? null : "says nothing";
        try
        {
            return JsonNode.Parse(said)?["error"]?["message"] is null ? "has no message" : null;
        }
        catch (JsonException)
        {
            return "is not JSON";
        }
    }

    private static bool TellsOfInsides(ServiceProcess service, string said) =>
        said.Contains("   at ", StringComparison.Ordinal)
        || said.Contains("System.", StringComparison.Ordinal)
        || said.Contains("Sextant.", StringComparison.Ordinal)
        || said.Contains(service.Folder, StringComparison.Ordinal);

    private static async Task IsWellAsync(ServiceProcess service)
    {
        HttpResponseMessage found = await service.PostAsync("/v1/collections/fuzz/search", "{\"query\":\"a text\",\"k\":1000}");
        HttpResponseMessage check = await service.Http.PostAsync("/v1/collections/fuzz/verify", null);

        Assert.True((await service.Http.GetAsync("/readyz")).IsSuccessStatusCode);
        Assert.True(found.IsSuccessStatusCode, await found.Content.ReadAsStringAsync());
        Assert.Empty((await check.Content.ReadFromJsonAsync<JsonNode>())!["problems"]!.AsArray());
        Assert.DoesNotContain("fail: Sextant", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("crit: ", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", service.Log, StringComparison.Ordinal);
    }

    private static async Task<ServiceProcess> StartAsync()
    {
        ServiceProcess service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string> { ["SEXTANT_REQUESTS_PER_SECOND"] = "0" }
        );
        await service.CreateAsync("fuzz");
        await service.AddAsync("fuzz", new { id = "1", text = "a text" });
        return service;
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;
}
