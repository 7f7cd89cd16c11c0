using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Api;

/// <summary>Documents listed, changed and deleted over HTTP, and searches of many.</summary>
public sealed class SelectedDocumentsTests(SharedService shared)
{
    private readonly ServiceProcess _service = shared.Service;

    [Fact]
    public async Task Document_is_changed_only_in_the_state_that_was_read()
    {
        string path = await FillAsync("patched");
        HttpResponseMessage read = await _service.Http.GetAsync($"{path}/documents/a");

        HttpResponseMessage changed = await PatchAsync($"{path}/documents/a", """{"metadata":{"n":2}}""", read.Headers.ETag),
            again = await PatchAsync($"{path}/documents/a", """{"metadata":{"n":3}}""", read.Headers.ETag),
            newest = await PatchAsync($"{path}/documents/a", """{"metadata":{"n":3},"if":"n = 2"}""", changed.Headers.ETag),
            wrong = await PatchAsync($"{path}/documents/a", """{"metadata":{"n":4},"if":"n = 2"}""");

        Assert.Equal([200, 412, 200, 412], new[] { changed, again, newest, wrong }.Select(answer => (int)answer.StatusCode));
        JsonNode error = (await again.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
        Assert.Equal(("If-Match", "precondition_failed"), ((string?)error["param"], (string?)error["code"]));
        Assert.Equal(3, (int)(await _service.Http.GetFromJsonAsync<JsonNode>($"{path}/documents/a"))!["metadata"]!["n"]!);
        Assert.Equal(newest.Headers.ETag, (await _service.Http.GetAsync($"{path}/documents/a")).Headers.ETag);
    }

    [Fact]
    public async Task Nothing_is_selected_without_a_filter_or_ids()
    {
        string path = await FillAsync("unselected");

        (int status, JsonNode error) = await _service.RefusedAsync(_service.Http.DeleteAsync($"{path}/documents"));
        (int patched, _) = await _service.RefusedAsync(PatchAsync($"{path}/documents", """{"metadata":{}}"""));
        JsonNode byId = (
            await (await _service.Http.DeleteAsync($"{path}/documents?id=a&id=none&dry_run=true")).Content.ReadFromJsonAsync<JsonNode>()
        )!;

        Assert.Equal((400, 400, "filter"), (status, patched, (string?)error["param"]));
        Assert.Equal("""{"deleted":1,"dry_run":true}""", byId.ToJsonString());
    }

    [Fact]
    public async Task Documents_are_listed_page_by_page()
    {
        string path = await FillAsync("paged");

        JsonNode first = (await _service.Http.GetFromJsonAsync<JsonNode>($"{path}/documents?limit=2"))!;
        JsonNode second = (
            await _service.Http.GetFromJsonAsync<JsonNode>($"{path}/documents?limit=2&vector=true&cursor={first["next_cursor"]}")
        )!;
        (int status, _) = await _service.RefusedAsync(_service.Http.GetAsync($"{path}/documents?cursor=nonsense"));

        Assert.Equal(["a", "b"], first["documents"]!.AsArray().Select(one => (string)one!["id"]!));
        Assert.Equal(["c"], second["documents"]!.AsArray().Select(one => (string)one!["id"]!));
        Assert.Equal(256, second["documents"]![0]!["vector"]!.AsArray().Count);
        Assert.Null(second["next_cursor"]);
        Assert.Equal(400, status);
    }

    [Theory]
    [InlineData("/search/batch", """{"searches":[{"query":"a"},{"query":"a","k":0}]}""", "searches[1].k")]
    [InlineData("/search/batch", """{"searches":[]}""", "searches")]
    [InlineData("/search", """{"positive":[]}""", "positive")]
    [InlineData("/search", """{"query":"a","negative":["a"]}""", "negative")]
    [InlineData("/search", """{"positive":["none"]}""", "id")]
    public async Task Wrong_search_is_named(string route, string body, string param)
    {
        string path = await FillAsync("wrong-searches");

        (int status, JsonNode error) = await _service.RefusedAsync(_service.PostAsync(path + route, body));

        Assert.Equal((param == "id" ? 404 : 400, param), (status, (string?)error["param"]));
    }

    [Fact]
    public async Task Searches_of_a_batch_and_of_several_collections()
    {
        string path = await FillAsync("batch");
        HttpResponseMessage batch = await _service.PostAsync(
            $"{path}/search/batch",
            """{"searches":[{"query":"apple","k":1},{"id":"a","k":5,"facets":["n"]},{"positive":["a"],"negative":["b"],"group_by":"n"}]}"""
        );
        HttpResponseMessage both = await _service.PostAsync("/v1/search", """{"collections":["batch","none"],"query":"apple"}""");
        HttpResponseMessage one = await _service.PostAsync(
            "/v1/search",
            """{"collections":["batch"],"query":"apple","mode":"hybrid","k":1}"""
        );

        JsonArray responses = (await batch.Content.ReadFromJsonAsync<JsonNode>())!["responses"]!.AsArray();
        Assert.Equal([1, 2, 1], responses.Select(response => response!["results"]!.AsArray().Count));
        Assert.Equal(404, (int)both.StatusCode);
        JsonNode found = (await one.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal(
            ("rank", "batch", "a"),
            ((string?)found["ordered_by"], (string?)found["results"]![0]!["collection"], (string?)found["results"]![0]!["id"])
        );
    }

    private async Task<string> FillAsync(string name)
    {
        await _service.CreateAsync(name);
        await _service.AddAsync(
            name,
            new
            {
                id = "a",
                text = "a red apple",
                metadata = new { n = 1 },
            },
            new
            {
                id = "b",
                text = "a blue whale",
                metadata = new { n = 2 },
            },
            new
            {
                id = "c",
                text = "a green car",
                metadata = new { n = 3 },
            }
        );
        return $"/v1/collections/{name}";
    }

    private Task<HttpResponseMessage> PatchAsync(string path, string body, EntityTagHeaderValue? state = null)
    {
        HttpRequestMessage request = new(HttpMethod.Patch, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (state is not null)
            request.Headers.IfMatch.Add(state);
        return _service.Http.SendAsync(request);
    }
}
