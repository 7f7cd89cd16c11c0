using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Collections;

/// <summary>Collections from their making to their end, over HTTP.</summary>
public sealed class CollectionTests(SharedService shared)
{
    private readonly ServiceProcess _service = shared.Service;

    [Fact]
    public async Task Collection_is_created_once_described_listed_and_deleted()
    {
        HttpResponseMessage made = await _service.Http.PutAsJsonAsync(
            "/v1/collections/life",
            new { model = "sextant-small", dimensions = 64 }
        );
        HttpResponseMessage again = await _service.Http.PutAsync("/v1/collections/life", null);
        (int clash, JsonNode error) = await _service.RefusedAsync(
            _service.Http.PutAsJsonAsync("/v1/collections/life", new { dimensions = 32 })
        );
        JsonNode described = (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/life"))!;
        JsonNode list = (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections"))!;
        HttpResponseMessage deleted = await _service.Http.DeleteAsync("/v1/collections/life");
        (int gone, _) = await _service.RefusedAsync(_service.Http.GetAsync("/v1/collections/life"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (made.StatusCode, again.StatusCode));
        Assert.Equal((409, "collection_exists"), (clash, (string?)error["code"]));
        Assert.Equal((64, 0, "sextant-small"), ((int)described["dimensions"]!, (int)described["documents"]!, (string)described["model"]!));
        Assert.Contains("life", list["data"]!.AsArray().Select(one => (string)one!["name"]!));
        Assert.Equal((HttpStatusCode.OK, 404), (deleted.StatusCode, gone));
        Assert.False(Directory.Exists(Path.Combine(_service.Folder, "collections", "life")));
    }

    [Fact]
    public async Task Metric_is_chosen_at_creation()
    {
        HttpResponseMessage made = await _service.Http.PutAsJsonAsync("/v1/collections/by-dot-product", new { metric = "dot" });
        (int clash, JsonNode error) = await _service.RefusedAsync(
            _service.Http.PutAsJsonAsync("/v1/collections/by-dot-product", new { metric = "cosine" })
        );
        (int unknown, _) = await _service.RefusedAsync(_service.Http.PutAsJsonAsync("/v1/collections/taxi", new { metric = "taxi" }));
        JsonNode described = (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/by-dot-product"))!;
        await _service.Http.DeleteAsync("/v1/collections/by-dot-product");

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("dot", (string)described["metric"]!);
        Assert.Equal((409, "metric", 400), (clash, (string?)error["param"], unknown));
    }

    [Theory]
    [InlineData("..%2Fescape")]
    [InlineData("%2e%2e")]
    [InlineData(".hidden")]
    [InlineData("a%00b")]
    [InlineData("a%0A")]
    [InlineData("a%5Cb")]
    [InlineData("dot.")]
    public async Task Name_outside_the_folder_is_rejected(string name)
    {
        HttpResponseMessage answer = await _service.Http.PutAsync($"/v1/collections/{name}", null);

        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.Equal(["collections"], Directory.GetDirectories(_service.Folder).Select(Path.GetFileName).Where(n => n != ".cache"));
    }

    [Fact]
    public async Task Document_with_any_id_is_found_read_and_deleted()
    {
        const string Id = "docs/a b%2Fc?#.md";
        await _service.CreateAsync("ids");
        await _service.AddAsync(
            "ids",
            new
            {
                id = Id,
                text = "The money is refunded within a week.",
                metadata = new { topic = "refunds" },
            },
            new
            {
                id = "other",
                text = "We open at nine.",
                metadata = new { topic = "hours" },
            }
        );
        JsonNode found = await SearchAsync("ids", new { query = "money back", k = 1 });
        string address = $"/v1/collections/ids/documents/{Uri.EscapeDataString(Id)}";
        JsonNode read = (await _service.Http.GetFromJsonAsync<JsonNode>(address))!;
        HttpResponseMessage deleted = await _service.Http.DeleteAsync(address);
        (int gone, _) = await _service.RefusedAsync(_service.Http.GetAsync(address));

        Assert.Equal(Id, (string)found["results"]![0]!["id"]!);
        Assert.Equal(("The money is refunded within a week.", "refunds"), ((string)read["text"]!, (string)read["metadata"]!["topic"]!));
        Assert.Equal((HttpStatusCode.OK, 404), (deleted.StatusCode, gone));
    }

    [Theory]
    [InlineData("documents/..")]
    [InlineData("documents/%2e%2e")]
    [InlineData("./")]
    [InlineData("")]
    public async Task Noncanonical_address_does_not_delete_a_collection(string rest)
    {
        await _service.CreateAsync("dots");
        Uri address = new(
            $"{_service.Url}v1/collections/dots/{rest}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        (int status, JsonNode error) = await _service.RefusedAsync(_service.Http.DeleteAsync(address));

        Assert.Equal((400, "ambiguous_address"), (status, (string?)error["code"]));
        Assert.True((await _service.Http.GetAsync("/v1/collections/dots")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Search_supports_filters_pages_hybrid_mode_and_similar_documents()
    {
        await _service.CreateAsync("search");
        await _service.AddAsync(
            "search",
            [
                .. Enumerable
                    .Range(0, 60)
                    .Select(i =>
                        (object)
                            new
                            {
                                id = $"d{i}",
                                text = i % 2 == 0 ? $"refund number {i} of the purchase price" : $"opening hours of shop {i}",
                                metadata = new { even = i % 2 == 0, number = i },
                            }
                    ),
            ]
        );
        JsonNode all = await SearchAsync("search", new { query = "refund", k = 20 });
        JsonNode page = await SearchAsync(
            "search",
            new
            {
                query = "refund",
                k = 10,
                offset = 10,
            }
        );
        JsonNode filtered = await SearchAsync(
            "search",
            new
            {
                query = "refund",
                k = 60,
                filter = "even = false and number < 10",
            }
        );
        JsonNode hybrid = await SearchAsync(
            "search",
            new
            {
                query = "shop 33",
                k = 1,
                hybrid = true,
            }
        );
        JsonNode like = await SearchAsync("search", new { id = "d4", k = 5 });
        JsonNode none = await SearchAsync("search", new { query = "refund", min_score = 1 });

        Assert.Equal(Ids(all).Skip(10), Ids(page));
        Assert.Equal(11, (int)page["results"]![0]!["rank"]!);
        Assert.Equal(["d1", "d3", "d5", "d7", "d9"], Ids(filtered).Order(StringComparer.Ordinal));
        Assert.Equal(["d33"], Ids(hybrid));
        Assert.Equal(5, Ids(like).Count());
        Assert.DoesNotContain("d4", Ids(like));
        Assert.Empty(Ids(none));
    }

    [Fact]
    public async Task Request_with_one_invalid_document_stores_none_and_reports_its_position()
    {
        await _service.CreateAsync("whole");
        StringContent lines = new("{\"id\":\"1\",\"text\":\"good\"}\n{\"id\":\"2\",\"text\":5}\n", Encoding.UTF8, "application/x-ndjson");
        (int bad, JsonNode error) = await _service.RefusedAsync(_service.Http.PostAsync("/v1/collections/whole/documents", lines));
        (int many, _) = await _service.RefusedAsync(
            _service.Http.PostAsJsonAsync("/v1/collections/whole/documents", Enumerable.Range(0, 201).Select(i => new { text = $"{i}" }))
        );
        // The client waits for leave to send: the service rejects it by its length alone and closes, which a body under way would meet as a
        // broken pipe.
        using HttpRequestMessage oversized = new(HttpMethod.Post, "/v1/collections/whole/documents")
        {
            Headers = { ExpectContinue = true },
            Content = new StringContent($"{{\"text\":\"{new string('a', 1_000_001)}\"}}", Encoding.UTF8, "application/json"),
        };
        (int large, _) = await _service.RefusedAsync(_service.Http.SendAsync(oversized));
        JsonNode described = (await _service.Http.GetFromJsonAsync<JsonNode>("/v1/collections/whole"))!;

        Assert.Equal((400, 400, 413), (bad, many, large));
        Assert.StartsWith("line 2", (string?)error["message"]);
        Assert.Equal(0, (int)described["documents"]!);
    }

    [Fact]
    public async Task JSON_Lines_an_array_and_a_single_document_are_accepted()
    {
        await _service.CreateAsync("forms");
        HttpResponseMessage lines = await _service.Http.PostAsync(
            "/v1/collections/forms/documents",
            new StringContent("{\"text\":\"one\"}\r\n\n{\"text\":\"two\"}", Encoding.UTF8, "application/x-ndjson")
        );
        HttpResponseMessage array = await _service.PostAsync("/v1/collections/forms/documents", "[{\"text\":\"three\"}]");
        HttpResponseMessage single = await _service.PostAsync("/v1/collections/forms/documents", "{\"text\":\"four\"}");
        string export = await _service.Http.GetStringAsync("/v1/collections/forms/export");

        Assert.All([lines, array, single], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(
            ["one", "two", "three", "four"],
            export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["text"]!)
        );
    }

    [Fact]
    public async Task Repeated_request_is_executed_once()
    {
        await _service.CreateAsync("again");
        HttpResponseMessage first = await WithKeyAsync("{\"text\":\"one\"}"),
            second = await WithKeyAsync("{\"text\":\"one\"}"),
            other = await WithKeyAsync("{\"text\":\"two\"}");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal("true", second.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(422, (int)other.StatusCode);

        Task<HttpResponseMessage> WithKeyAsync(string body) =>
            _service.Http.SendAsync(
                new(HttpMethod.Post, "/v1/collections/again/documents")
                {
                    Content = new StringContent(body, Encoding.UTF8, "application/json"),
                    Headers = { { "Idempotency-Key", "first try" } },
                }
            );
    }

    [Fact]
    public async Task Map_has_a_point_per_document_and_an_ETag()
    {
        await _service.CreateAsync("map");
        await _service.AddAsync(
            "map",
            [
                .. Enumerable
                    .Range(0, 30)
                    .Select(i =>
                        (object)
                            new
                            {
                                id = $"{i}",
                                text = $"text number {i}",
                                metadata = new { even = i % 2 == 0 },
                            }
                    ),
            ]
        );
        HttpResponseMessage answer = await _service.Http.GetAsync("/v1/collections/map/map");
        JsonNode map = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        HttpRequestMessage request = new(HttpMethod.Get, "/v1/collections/map/map")
        {
            Headers = { { "If-None-Match", answer.Headers.ETag!.Tag } },
        };
        HttpResponseMessage again = await _service.Http.SendAsync(request);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), map["ids"]!.AsArray().Select(id => (string)id!));
        Assert.Equal(30 * 2 * sizeof(float), Convert.FromBase64String((string)map["positions"]!).Length);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Verifying_a_collection_returns_its_recall()
    {
        await _service.CreateAsync("check");
        await _service.AddAsync("check", new { text = "one" }, new { text = "two" });
        HttpResponseMessage answer = await _service.Http.PostAsync("/v1/collections/check/verify", null);
        JsonNode found = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

        Assert.Empty(found["problems"]!.AsArray());
        Assert.Equal(1, (double)found["recall"]!);
    }

    private async Task<JsonNode> SearchAsync(string collection, object request)
    {
        HttpResponseMessage answer = await _service.Http.PostAsync($"/v1/collections/{collection}/search", JsonContent.Create(request));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static IEnumerable<string> Ids(JsonNode found) => found["results"]!.AsArray().Select(hit => (string)hit!["id"]!);
}
