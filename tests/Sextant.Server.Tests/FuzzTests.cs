using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests;

/// <summary>Malformed requests, made from the service's own description of its interface.</summary>
public sealed class FuzzTests
{
    /// <summary>How many requests; <c>SEXTANT_TEST_FUZZ=10000</c> for a long run.</summary>
    private static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("SEXTANT_TEST_FUZZ") ?? "1000", CultureInfo.InvariantCulture);

    // Far less than requests that stay in memory would take in a long run, far more than a collector lets lie about.
    private const long MostGrowth = 512L << 20;

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "1.5", "99999999999999999999", "\"\"", "\"x\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "[[]]", "[null]", "[1,\"a\"]", "[1e39]", "{}", "{\"a\":{}}",
        "\"sextant-small\"", "[[[1]]]", "\"a = 'b\"", "\"a contains \"", "[0.1,0.2]", "2147483647", "\"../../etc/passwd\"",
    ];

    private static readonly string[] Names = ["fuzz", "none", "%00", "..%2f..", "%ff%fe", "a%2Fb", "%F0%9F%98%80", new('a', 300), "'", "%25", "%0d%0aX-Evil:1"];

    [Fact]
    public async Task No_request_makes_the_service_fail_or_tell_of_its_insides()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string> { ["SEXTANT_REQUESTS_PER_SECOND"] = "0" });
        await service.CreateAsync("fuzz");
        await service.AddAsync("fuzz", new { id = "1", text = "a text" });
        (HttpMethod Method, string Path, string[] Fields)[] routes = await RoutesAsync(service);
        Random random = new(5);
        long memory = 0;
        for (int i = 0; i < Requests; i++)
        {
            if (i == Requests / 2) memory = service.Memory;
            (HttpMethod method, string path, string[] fields) = routes[random.Next(routes.Length)];
            string url = Fill(path, random), body = Body(fields, random);
            using HttpRequestMessage request = new(method, url) { Content = Content(body, method, random) };
            using HttpResponseMessage answer = await service.Http.SendAsync(request);
            string said = await answer.Content.ReadAsStringAsync();
            string what = $"request {i}: {method} {url} {body}: {(int)answer.StatusCode} {said}";

            Assert.True((int)answer.StatusCode < 500, what);
            if ((int)answer.StatusCode < 400) continue;
            if (said.Length == 0)
            {
                // What is no address at all is refused by the server itself, before it is anybody's request.
                Assert.True((int)answer.StatusCode == 400 && url.Contains("%00", StringComparison.Ordinal), what);
                continue;
            }

            Assert.True(JsonNode.Parse(said)?["error"]?["message"] is not null, what);
            Assert.False(said.Contains("   at ", StringComparison.Ordinal) || said.Contains("System.", StringComparison.Ordinal)
                || said.Contains("Sextant.", StringComparison.Ordinal) || said.Contains(service.Folder, StringComparison.Ordinal), what);
        }

        long grown = service.Memory - memory;
        TestContext.Current.SendDiagnosticMessage("{0} requests; {1} MB at half, {2} MB more at the end", Requests, memory >> 20, grown >> 20);
        Assert.True(grown < MostGrowth, $"the second half of the requests took {grown >> 20} MB");
        Assert.True((await service.Http.GetAsync("/readyz")).IsSuccessStatusCode);
        Assert.DoesNotContain("Exception", service.Log, StringComparison.Ordinal);
    }

    private static async Task<(HttpMethod Method, string Path, string[] Fields)[]> RoutesAsync(ServiceProcess service)
    {
        JsonNode description = (await service.Http.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!;
        List<(HttpMethod, string, string[])> routes = [];
        foreach ((string path, JsonNode? methods) in description["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in methods!.AsObject())
            {
                string? schema = (string?)operation!["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"];
                JsonNode? properties = schema is null ? null : description["components"]!["schemas"]![schema.Split('/')[^1]]!["properties"];
                routes.Add((HttpMethod.Parse(method), path, [.. properties?.AsObject().Select(pair => pair.Key) ?? []]));
            }
        }

        Assert.True(routes.Count > 10);
        Assert.Contains(routes, route => route.Item3.Contains("min_score"));
        return [.. routes];
    }

    private static string Fill(string path, Random random)
    {
        // Deleting the collection itself would leave nothing to search in.
        path = path.Replace("{name}", random.Next(2) == 0 && path.Length > "/v1/collections/{name}".Length ? "fuzz" : Names[random.Next(1, Names.Length)], StringComparison.Ordinal);
        return path.Replace("{id}", Names[random.Next(Names.Length)], StringComparison.Ordinal) + (random.Next(8) == 0 ? "?vector=maybe&vectors=%" : "");
    }

    private static string Body(string[] fields, Random random)
    {
        if (fields.Length == 0) return random.Next(3) == 0 ? Values[random.Next(Values.Length)] : "";
        StringBuilder body = new("{");
        foreach (string field in fields.Where(_ => random.Next(3) > 0))
            body.Append(body.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"\"{field}\":{Values[random.Next(Values.Length)]}");
        if (random.Next(10) == 0) body.Append(body.Length > 1 ? ",\"extra\":1" : "\"extra\":1");
        string whole = body.Append('}').ToString();
        return random.Next(6) switch { 0 => whole[..random.Next(whole.Length)], 1 => Values[random.Next(Values.Length)], _ => whole };
    }

    private static ByteArrayContent? Content(string body, HttpMethod method, Random random)
    {
        if (method == HttpMethod.Get) return null;
        byte[] bytes = random.Next(12) == 0 ? [.. Encoding.UTF8.GetBytes(body), 0xff, 0xfe] : Encoding.UTF8.GetBytes(body);
        string type = random.Next(10) switch { 0 => "text/plain", 1 => "application/x-ndjson", 2 => "application/json; charset=utf-16", _ => "application/json" };
        ByteArrayContent content = new(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
