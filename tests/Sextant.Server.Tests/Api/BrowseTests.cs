using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Api;

/// <summary>Looking around in a collection without a query, and comparing sentences.</summary>
public sealed class BrowseTests(SharedService shared)
{
    private readonly ServiceProcess _service = shared.Service;

    [Fact]
    public async Task Newest_documents_come_first_unless_a_field_or_the_oldest_is_asked_for()
    {
        await FillAsync("browse-order");

        JsonNode newest = await PostAsync("browse-order/browse", new { k = 2 });
        JsonNode oldest = await PostAsync("browse-order/browse", new { ascending = true });
        JsonNode byYear = await PostAsync("browse-order/browse", new { order_by = "year" });
        JsonNode next = await PostAsync(
            "browse-order/browse",
            new
            {
                order_by = "year",
                ascending = true,
                k = 2,
                offset = 1,
            }
        );
        JsonNode byAuthor = await PostAsync("browse-order/browse", new { order_by = "author.name", ascending = true });

        Assert.Equal(["d", "c"], Ids(newest));
        Assert.Equal(4, (int)newest["total"]!);
        Assert.Equal("no year", (string?)newest["results"]![0]!["text"]);
        Assert.Equal(["a", "b", "c", "d"], Ids(oldest));
        Assert.Equal(["b", "c", "a", "d"], Ids(byYear));
        Assert.Equal(["c", "b"], Ids(next));
        Assert.Equal(["c", "a", "d", "b"], Ids(byAuthor));
    }

    [Fact]
    public async Task Filter_limits_documents_and_unknown_fields_are_noted()
    {
        await FillAsync("browse-filter");

        JsonNode some = await PostAsync("browse-filter/browse", new { filter = "year >= 2021" });
        JsonNode none = await PostAsync("browse-filter/browse", new { filter = "yaer = 2021", k = 0 });
        JsonNode order = await PostAsync("browse-filter/browse", new { order_by = "yaer" });
        using HttpResponseMessage wrong = await SendAsync("browse-filter/browse", new { filter = "year = x" });

        Assert.Equal(["c", "b"], Ids(some));
        Assert.Equal(2, (int)some["total"]!);
        Assert.Equal(0, (int)none["total"]!);
        Assert.Contains("did you mean 'year'?", (string?)none["notes"]![0], StringComparison.Ordinal);
        Assert.Contains("no document has the field 'yaer'", (string?)order["notes"]![0], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains(
            "filter, character 8",
            await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"k":-1}""", "k")]
    [InlineData("""{"offset":-1}""", "offset")]
    [InlineData("""{"offset":10000}""", "k")]
    [InlineData("""{"order_by":"a b"}""", "order_by")]
    public async Task Invalid_request_names_its_parameter(string body, string param)
    {
        await FillAsync("browse-invalid");

        using HttpResponseMessage refused = await SendAsync("browse-invalid/browse", JsonNode.Parse(body)!);

        JsonNode said = (await refused.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(param, (string?)said["error"]!["param"]);
    }

    [Fact]
    public async Task Fields_are_listed_as_filters_write_them()
    {
        await FillAsync("browse-fields");

        JsonNode fields = await GetAsync("browse-fields/fields");

        Assert.Equal(
            ["author.name \"author\".\"name\" false", "tags \"tags\" true", "year \"year\" false"],
            fields["fields"]!.AsArray().Select(one => $"{one!["name"]} {one["field"]} {one["is_array"]}")
        );
    }

    [Fact]
    public async Task Parts_are_those_of_the_same_document_in_their_order()
    {
        await PutAsync("browse-parts");
        string sections = string.Concat(Enumerable.Range(1, 11).Select(i => $"## Part {i}\n\nText number {i}.\n\n"));
        await IndexAsync("browse-parts", "a.md", $"# A\n\n{sections}");
        await IndexAsync("browse-parts", "b.md", "# B\n\nAnother document.\n");
        JsonNode first = (await PostAsync("browse-parts/browse", new { ascending = true, k = 1 }))["results"]![0]!;

        JsonNode parts = await GetAsync($"browse-parts/parts?id={Uri.EscapeDataString((string)first["id"]!)}");
        using HttpResponseMessage unknown = await _service.Http.GetAsync(
            "/v1/collections/browse-parts/parts?id=nothing",
            TestContext.Current.CancellationToken
        );

        string[] texts = [.. parts["parts"]!.AsArray().Select(part => (string)part!["text"]!)];
        Assert.Equal(11, texts.Length);
        Assert.All(texts.Index(), one => Assert.Contains($"Text number {one.Index + 1}.", one.Item, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Similarities_are_those_of_the_model_for_a_query_or_a_document()
    {
        await FillAsync("browse-similar");
        string[] texts = ["The automobile is broken", "A cake of apples"];

        JsonNode query = await PostAsync("browse-similar/similarities", new { query = "my car does not start", texts });
        JsonNode document = await PostAsync("browse-similar/similarities", new { id = "a", texts });
        using HttpResponseMessage both = await SendAsync(
            "browse-similar/similarities",
            new
            {
                query = "x",
                id = "a",
                texts,
            }
        );
        using HttpResponseMessage many = await SendAsync(
            "browse-similar/similarities",
            new { query = "x", texts = Enumerable.Repeat("text", 3000) }
        );

        Assert.All(
            [query, document],
            one => Assert.True((float)one["similarities"]![0]! > (float)one["similarities"]![1]! + 0.2f, one.ToJsonString())
        );
        Assert.Equal(HttpStatusCode.BadRequest, both.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
    }

    private static string?[] Ids(JsonNode answer) => [.. answer["results"]!.AsArray().Select(one => (string?)one!["id"])];

    private async Task FillAsync(string name)
    {
        await PutAsync(name);
        await PostAsync(
            $"{name}/documents",
            JsonNode.Parse(
                """
                [
                  {"id": "a", "text": "The car does not start", "metadata": {"year": 2020, "tags": ["x"], "author": {"name": "Bo"}}},
                  {"id": "b", "text": "second", "metadata": {"year": 2022.5}},
                  {"id": "c", "text": "third", "metadata": {"year": 2021, "author": {"name": "Al"}}},
                  {"id": "d", "text": "no year", "metadata": {"year": null, "author": {"name": 5}}}
                ]
                """
            )!
        );
    }

    private async Task PutAsync(string name)
    {
        using HttpResponseMessage made = await _service.Http.PutAsJsonAsync(
            $"/v1/collections/{name}",
            new { },
            TestContext.Current.CancellationToken
        );
        made.EnsureSuccessStatusCode();
    }

    private async Task IndexAsync(string name, string file, string content)
    {
        using HttpResponseMessage answer = await _service.Http.PostAsync(
            $"/v1/collections/{name}/index?file={file}",
            new StringContent(content),
            TestContext.Current.CancellationToken
        );
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(string path, object body) =>
        _service.Http.PostAsJsonAsync($"/v1/collections/{path}", body, TestContext.Current.CancellationToken);

    private async Task<JsonNode> PostAsync(string path, object body)
    {
        using HttpResponseMessage answer = await SendAsync(path, body);
        string said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, said);
        return JsonNode.Parse(said)!;
    }

    private async Task<JsonNode> GetAsync(string path) =>
        (await _service.Http.GetFromJsonAsync<JsonNode>($"/v1/collections/{path}", TestContext.Current.CancellationToken))!;
}
