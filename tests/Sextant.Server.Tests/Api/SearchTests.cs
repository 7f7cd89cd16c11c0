using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Api;

/// <summary>How a search over HTTP ranks, and what it says about its results.</summary>
public sealed class SearchTests(SharedService shared)
{
    private readonly ServiceProcess _service = shared.Service;

    [Fact]
    public async Task Mode_selects_semantic_keyword_or_hybrid_ranking()
    {
        await FillAsync("mode-ranks");
        // By meaning it is the car's; of its words only "printed" is in a text, which is the other.
        const string Query = "automobile vehicle engine printed";
        string[] none = await IdsAsync("mode-ranks", new { query = Query }),
            semantic = await IdsAsync("mode-ranks", new { query = Query, mode = "semantic" });
        string[] keyword = await IdsAsync("mode-ranks", new { query = Query, mode = "keyword" });
        string[] hybrid = await IdsAsync("mode-ranks", new { query = Query, mode = "hybrid" }),
            brief = await IdsAsync("mode-ranks", new { query = Query, hybrid = true });
        JsonNode fused = (
            await SearchAsync(
                "mode-ranks",
                new
                {
                    query = Query,
                    mode = "hybrid",
                    explain = true,
                }
            )
        )["results"]![1]!["stages"]!;
        string[] both = await IdsAsync(
            "mode-ranks",
            new
            {
                query = Query,
                mode = "hybrid",
                hybrid = true,
            }
        );

        Assert.Equal(3, semantic.Length);
        Assert.Equal("car", semantic[0]);
        Assert.Equal(["code"], keyword);
        Assert.Equal(["car", "code", "cake"], hybrid);
        Assert.Equal(["semantic", "keyword", "fused"], fused.AsObject().Select(stage => stage.Key));
        Assert.Equal(semantic, none);
        Assert.Equal(hybrid, brief);
        Assert.Equal(hybrid, both);
    }

    [Theory]
    [InlineData("""{"query":"a","mode":"words"}""", "mode", "'words' is not one of ['semantic', 'keyword', 'hybrid'] - 'mode'")]
    [InlineData("""{"query":"a","mode":"Keyword"}""", "mode", "'Keyword' is not one of ['semantic', 'keyword', 'hybrid'] - 'mode'")]
    [InlineData("""{"query":"a","mode":1}""", "mode", "Invalid value for 'mode'.")]
    [InlineData(
        """{"query":"a","mode":"keyword","hybrid":true}""",
        "mode",
        "'mode' is 'keyword' and 'hybrid' is true: give only one of the two."
    )]
    [InlineData(
        """{"query":"a","mode":"semantic","hybrid":true}""",
        "mode",
        "'mode' is 'semantic' and 'hybrid' is true: give only one of the two."
    )]
    [InlineData(
        """{"query":"a","mode":"hybrid","hybrid":false}""",
        "mode",
        "'mode' is 'hybrid' and 'hybrid' is false: give only one of the two."
    )]
    [InlineData("""{"id":"car","mode":"keyword"}""", "mode", "A keyword search needs a 'query'; with a vector or an id, omit 'mode'.")]
    [InlineData("""{"id":"car","hybrid":true}""", "hybrid", "A keyword search needs a 'query'; with a vector or an id, omit 'hybrid'.")]
    public async Task Unknown_contradictory_or_queryless_mode_is_a_400(string body, string param, string message)
    {
        await FillAsync("mode-wrong");
        (int status, JsonNode error) = await _service.RefusedAsync(_service.PostAsync("/v1/collections/mode-wrong/search", body));

        Assert.Equal((400, param, message), (status, (string?)error["param"], (string?)error["message"]));
    }

    [Fact]
    public async Task Filter_on_a_field_that_no_document_has_gets_a_note_with_the_nearest_name()
    {
        await FillAsync("mode-notes");
        JsonNode missing = await SearchAsync("mode-notes", new { query = "car", filter = "topik = 'garage'" });
        JsonNode unmet = await SearchAsync("mode-notes", new { query = "car", filter = "topic = 'nothing'" });
        JsonNode met = await SearchAsync("mode-notes", new { id = "cake", filter = "topic = 'garage'" });

        Assert.Empty(missing["results"]!.AsArray());
        Assert.Equal(
            ["no document has the field 'topik'; did you mean 'topic'?"],
            missing["notes"]!.AsArray().Select(note => (string?)note)
        );
        Assert.Null(unmet["notes"]);
        Assert.Equal(2, met["results"]!.AsArray().Count);
        Assert.Null(met["notes"]);
    }

    [Fact]
    public async Task Description_lists_the_modes()
    {
        JsonNode description = (await _service.Http.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!;
        JsonNode mode = description["components"]!["schemas"]!["SearchRequest"]!["properties"]!["mode"]!;

        Assert.Equal(["semantic", "keyword", "hybrid"], mode["enum"]!.AsArray().Select(one => (string?)one));
    }

    [Fact]
    public async Task Results_are_grouped_and_values_of_fields_are_counted()
    {
        await FillAsync("groups");

        JsonNode found = await SearchAsync(
            "groups",
            new
            {
                query = "car",
                k = 1,
                group_by = "topic",
                facets = new[] { "topic", "topik" },
                facet_limit = 1,
            }
        );
        HttpResponseMessage counted = await _service.PostAsync(
            "/v1/collections/groups/facets",
            """{"facets":["topic"],"filter":"topic != 'garage'"}"""
        );

        Assert.Equal(["car", "code"], found["results"]!.AsArray().Select(hit => (string)hit!["id"]!));
        Assert.All(found["results"]!.AsArray(), hit => Assert.Equal("garage", (string)hit!["group"]!));
        Assert.Equal(
            """[{"field":"topic","values":[{"value":"garage","count":2}],"distinct":2},{"field":"topik","values":[],"distinct":0}]""",
            found["facets"]!.ToJsonString()
        );
        Assert.Equal("no document has the field 'topik'; did you mean 'topic'?", (string)found["notes"]![0]!);
        Assert.Equal(
            """[{"field":"topic","values":[{"value":"kitchen","count":1}],"distinct":1}]""",
            (await counted.Content.ReadFromJsonAsync<JsonNode>())!["facets"]!.ToJsonString()
        );
    }

    [Theory]
    [InlineData("""{"query":"a","group_size":2}""", "group_size", "'group_size' needs 'group_by'.")]
    [InlineData("""{"query":"a","facet_limit":2}""", "facet_limit", "'facet_limit' needs 'facets'.")]
    [InlineData("""{"query":"a","facets":["topic"],"facet_limit":0}""", "facet_limit", "'facet_limit' must be from 1 to 1000.")]
    [InlineData(
        """{"query":"a","group_by":"a b"}""",
        "group_by",
        "Invalid value for 'group_by': field, character 3: the end is expected here: a ▸b."
    )]
    [InlineData(
        """{"query":"a","group_by":"a","group_size":1001}""",
        "group_size",
        "'group_size' must be at least 1, and its product with the sum of 'offset' and 'k' at most 10000."
    )]
    [InlineData("""{"query":"a","group_by":"a","candidates":0}""", "candidates", "'candidates' must be from 1 to 10000.")]
    public async Task Wrong_group_or_facet_is_a_400(string body, string param, string message)
    {
        await FillAsync("groups-wrong");
        (int status, JsonNode error) = await _service.RefusedAsync(_service.PostAsync("/v1/collections/groups-wrong/search", body));

        Assert.Equal((400, param, message), (status, (string?)error["param"], (string?)error["message"]));
    }

    private async Task FillAsync(string collection)
    {
        await _service.CreateAsync(collection);
        await _service.AddAsync(
            collection,
            new
            {
                id = "car",
                text = "The car does not start in the morning.",
                metadata = new { topic = "garage" },
            },
            new
            {
                id = "code",
                text = "Message E1234 is printed.",
                metadata = new { topic = "garage" },
            },
            new
            {
                id = "cake",
                text = "A cake of apples and cinnamon.",
                metadata = new { topic = "kitchen" },
            }
        );
    }

    private async Task<string[]> IdsAsync(string collection, object request) =>
        [.. (await SearchAsync(collection, request))["results"]!.AsArray().Select(hit => (string)hit!["id"]!)];

    private async Task<JsonNode> SearchAsync(string collection, object request)
    {
        HttpResponseMessage answer = await _service.Http.PostAsJsonAsync($"/v1/collections/{collection}/search", request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
