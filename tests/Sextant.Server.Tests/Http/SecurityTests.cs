using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Http;

/// <summary>Authentication and browser security headers.</summary>
public sealed class SecurityTests(SharedService shared)
{
    private const string FullKey = "full-0123456789abcdef",
        ReadKey = "read-0123456789abcdef";

    [Fact]
    public async Task Service_without_keys_listens_on_loopback_only()
    {
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServiceProcess.StartAsync(url: "http://0.0.0.0:0")
        );

        Assert.Contains("exit code 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("SEXTANT_API_KEYS", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_grants_its_permissions_only()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["SEXTANT_API_KEYS"] = $"{FullKey},{ReadKey}:read",
                ["SEXTANT_REQUESTS_PER_SECOND"] = "20",
            }
        );
        (int nobody, _) = await service.RefusedAsync(service.Http.GetAsync("/v1/collections"));
        HttpResponseMessage health = await service.Http.GetAsync("/readyz");
        service.UseKey("wrong-0123456789abcdef");
        (int wrong, JsonNode error) = await service.RefusedAsync(service.Http.GetAsync("/v1/collections"));
        service.UseKey(FullKey);
        HttpResponseMessage made = await service.Http.PutAsync("/v1/collections/mine", null);
        service.UseKey(ReadKey);
        HttpResponseMessage read = await service.PostAsync("/v1/collections/mine/search", "{\"query\":\"a\"}");
        (int write, _) = await service.RefusedAsync(service.PostAsync("/v1/collections/mine/documents", "{\"text\":\"a\"}"));
        (int delete, _) = await service.RefusedAsync(service.Http.DeleteAsync("/v1/collections/mine"));
        List<HttpResponseMessage> hurry = [];
        for (int i = 0; i < 100; i++)
            hurry.Add(await service.Http.GetAsync("/v1/models"));

        Assert.Equal((401, 401, "invalid_api_key"), (nobody, wrong, (string?)error["code"]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.OK), (health.StatusCode, made.StatusCode, read.StatusCode));
        Assert.Equal((403, 403), (write, delete));
        HttpResponseMessage[] refused = [.. hurry.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests)];
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.NotNull(answer.Headers.RetryAfter));
        Assert.Contains(hurry, answer => answer.IsSuccessStatusCode);
        Assert.DoesNotContain(FullKey, service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_origins_and_host_names_are_rejected()
    {
        HttpRequestMessage foreign = new(HttpMethod.Post, "/v1/collections/x/verify") { Headers = { { "Origin", "http://evil.example" } } };
        HttpRequestMessage rebound = new(HttpMethod.Get, "/v1/collections") { Headers = { { "Host", "evil.example" } } };

        Assert.Equal(403, (await shared.Service.RefusedAsync(shared.Service.Http.SendAsync(foreign))).Status);
        Assert.Equal(403, (await shared.Service.RefusedAsync(shared.Service.Http.SendAsync(rebound))).Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/assets/page.js")]
    [InlineData("/map/frame.html")]
    [InlineData("/v1/models")]
    [InlineData("/v1/collections/none")]
    public async Task Every_response_has_security_headers(string path)
    {
        HttpResponseMessage answer = await shared.Service.Http.GetAsync(path);
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("default-src 'none'", policy);
        Assert.DoesNotContain("http:", policy, StringComparison.Ordinal);
        Assert.Equal(path == "/map/frame.html", policy.Contains("unsafe-eval", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Aborted_body_is_harmless()
    {
        await using RawRequest request = await RawRequest.SendAsync(
            shared.Service.Url,
            "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"model\":"
        );
        request.EndSending();

        Assert.DoesNotContain("HTTP/1.1 5", await request.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await shared.Service.Http.GetAsync("/readyz")).StatusCode);
    }

    [Fact]
    public async Task Endless_clients_are_disconnected_and_block_no_one()
    {
        const string Head = "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        RawRequest[] slow = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    RawRequest.SendAsync(shared.Service.Url, i % 2 == 0 ? Head : Head + "Content-Length: 100000\r\n\r\n{\"model\":")
                )
        );
        HttpResponseMessage meanwhile = await shared.Service.PostAsync("/v1/embeddings", "{\"model\":\"sextant-small\",\"input\":\"a\"}");
        string[] answers = await Task.WhenAll(slow.Select(request => request.ReadToEndAsync()));
        foreach (RawRequest request in slow)
            await request.DisposeAsync();

        Assert.Equal(HttpStatusCode.OK, meanwhile.StatusCode);
        Assert.All(
            answers,
            answer => Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer)
        );
    }

    [Fact]
    public async Task API_documentation_loads_nothing_external()
    {
        string docs = await shared.Service.Http.GetStringAsync("/docs/");
        JsonNode description = (await shared.Service.Http.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!;

        Assert.DoesNotContain("src=\"http", docs, StringComparison.Ordinal);
        Assert.NotNull(description["paths"]!["/v1/collections/{name}/search"]!["post"]);
    }
}
