using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Http;

/// <summary>Every resource that can be created can be read and deleted by its URL.</summary>
public sealed class AddressTests(SharedService shared)
{
    private readonly ServiceProcess _service = shared.Service;

    public static TheoryData<string> Ids =>
        [
            .. (string[])
                [
                    "documents",
                    "a/b",
                    "a%2Fb",
                    "/a",
                    "a/",
                    "a//b",
                    "a/../b",
                    "...",
                    "%",
                    "%2e%2e",
                    "?#&=+",
                    " a ",
                    "a\nb",
                    "a\\b",
                    "é",
                    "e\u0301",
                    "日本語",
                    "\ud83d\ude00",
                    "\ufffd",
                    "C:\\a.md",
                    "http://a/b?c#d",
                    "'\"<>",
                    new('a', 2_048),
                    new('é', 1_024),
                    new('\u65e5', 682),
                ],
        ];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Any_accepted_id_is_read_and_deleted_by_its_address(string id)
    {
        // The name of the collection is a part of its documents' addresses, too.
        await _service.CreateAsync("documents");
        await _service.AddAsync("documents", new { id, text = "a text" });
        string address = $"/v1/collections/documents/documents/{Uri.EscapeDataString(id)}";
        JsonNode read = (await _service.Http.GetFromJsonAsync<JsonNode>(address))!;
        HttpResponseMessage deleted = await _service.Http.DeleteAsync(address);
        (int gone, _) = await _service.RefusedAsync(_service.Http.GetAsync(address));

        Assert.Equal(id, (string)read["id"]!);
        Assert.Equal((HttpStatusCode.OK, 404), (deleted.StatusCode, gone));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \\t\"")]
    [InlineData("\".\"")]
    [InlineData("\"..\"")]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"a\\udc00b\"")]
    public async Task Id_without_an_address_is_rejected(string id)
    {
        await _service.CreateAsync("strict");
        (int status, JsonNode error) = await _service.RefusedAsync(
            _service.PostAsync("/v1/collections/strict/documents", $"[{{\"text\":\"good\"}},{{\"text\":\"a\",\"id\":{id}}}]")
        );
        JsonNode described = (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/strict"))!;

        Assert.Equal((400, "id"), (status, (string?)error["param"]));
        Assert.StartsWith("documents[1]: ", (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal(0, (int)described["documents"]!);
    }

    [Fact]
    public async Task Error_names_the_id_limit()
    {
        await _service.CreateAsync("strict");
        (int status, JsonNode error) = await _service.RefusedAsync(
            _service.PostAsync("/v1/collections/strict/documents", $"{{\"text\":\"a\",\"id\":\"{new string('a', 2_049)}\"}}")
        );

        Assert.Equal((400, "invalid_id"), (status, (string?)error["code"]));
        Assert.Contains("the limit is 2048", (string?)error["message"], StringComparison.Ordinal);
        Assert.True(((string)error["message"]!).Length < 300);
    }

    [Theory]
    [InlineData("GET", "/v1/collections/documents/documents/a/../b")]
    [InlineData("DELETE", "/v1/collections/documents/documents/%2e%2E/documents/b")]
    [InlineData("DELETE", "/v1/collections/documents/documents/./b")]
    [InlineData("DELETE", "/v1/collections/none/../documents")]
    [InlineData("GET", "/v1/models/./sextant-small")]
    public async Task An_address_with_dots_is_ambiguous(string method, string path)
    {
        await _service.CreateAsync("documents");
        Uri address = new(
            _service.Url.ToString().TrimEnd('/') + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        (int status, JsonNode error) = await _service.RefusedAsync(_service.Http.SendAsync(new(HttpMethod.Parse(method), address)));

        Assert.Equal((400, "ambiguous_address"), (status, (string?)error["code"]));
        Assert.True((await _service.Http.GetAsync("/v1/collections/documents")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Model_of_any_provider_is_described_at_its_escaped_name()
    {
        string[] names = ["sextant-small", "hf:org/model", "nuget:Some.Package/model.onnx", "http://127.0.0.1:1/v1#m", "a%2Fb"];
        await using ServiceProcess service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string> { ["SEXTANT_MODELS"] = string.Join(',', names) }
        );
        JsonNode list = (await service.Http.GetFromJsonAsync<JsonNode>("/v1/models"))!;
        List<string> found = [];
        foreach (string name in names)
            found.Add((string)(await service.Http.GetFromJsonAsync<JsonNode>($"/v1/models/{Uri.EscapeDataString(name)}"))!["id"]!);
        (int status, _) = await service.RefusedAsync(service.Http.GetAsync("/v1/models/a%2Fb"));

        Assert.Equal(names, list["data"]!.AsArray().Select(one => (string)one!["id"]!));
        Assert.Equal(names, found);
        Assert.Equal(404, status);
    }

    [Fact]
    public async Task Every_GET_route_supports_HEAD_without_a_body()
    {
        await _service.CreateAsync("head");
        await _service.AddAsync("head", new { id = "1", text = "one" }, new { id = "2", text = "two" }, new { id = "3", text = "three" });
        using MultipartFormDataContent form = new()
        {
            { new StringContent("assistants"), "purpose" },
            { new StringContent("one"), "file", "one.txt" },
        };
        string file = await IdAsync(_service.Http.PostAsync("/v1/files", form)),
            store = await IdAsync(_service.PostAsync("/v1/vector_stores", "{}")),
            batch = await IdAsync(_service.PostAsync($"/v1/vector_stores/{store}/file_batches", $$"""{"file_ids":["{{file}}"]}"""));
        JsonNode description = (await _service.Http.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!;
        string[] paths =
        [
            .. description["paths"]!.AsObject().Where(path => path.Value!["get"] is not null).Select(path => path.Key),
            "/",
            "/docs/",
            "/openapi/v1.json",
        ];

        Assert.True(paths.Length > 10);
        foreach (string path in paths)
        {
            // The only one with a required query.
            string address = path.Replace("/parts", "/parts?id=1", StringComparison.Ordinal)
                .Replace("{name}", "head", StringComparison.Ordinal)
                .Replace("{file_id}", file, StringComparison.Ordinal)
                .Replace("{vector_store_id}", store, StringComparison.Ordinal)
                .Replace("{batch_id}", batch, StringComparison.Ordinal)
                .Replace("{id}", path.StartsWith("/v1/models", StringComparison.Ordinal) ? "sextant-small" : "1", StringComparison.Ordinal);
            HttpResponseMessage get = await _service.Http.GetAsync(address),
                head = await _service.Http.SendAsync(new(HttpMethod.Head, address));
            Assert.Equal(
                (address, get.StatusCode, get.Content.Headers.ContentType),
                (address, head.StatusCode, head.Content.Headers.ContentType)
            );
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _service.Http.SendAsync(new(HttpMethod.Head, "/v1/collections/none"))).StatusCode);
    }

    private static async Task<string> IdAsync(Task<HttpResponseMessage> request) =>
        (string)(await (await request).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
}
