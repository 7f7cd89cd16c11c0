using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Sextant.Client;
using ClientMode = Sextant.Client.SearchMode;
using ClientResult = Sextant.Client.SearchResult;

namespace Sextant.Server.Tests.Api;

/// <summary>The second stage of a search: over HTTP, by the typed client and as a tool, with models that compute.</summary>
public sealed class RerankTests(RerankingService reranking) : IClassFixture<RerankingService>
{
    // The model "colors" knows "blue" of it.
    private const string Query = "zebra blue";

    private readonly ServiceProcess _service = reranking.Service;

    [Fact]
    public async Task Embedding_model_reranks_results_and_explain_has_every_stage()
    {
        JsonNode plain = await SearchAsync(new { query = Query, mode = "keyword" });
        JsonNode ordered = await SearchAsync(
            new
            {
                query = Query,
                mode = "keyword",
                rerank = "colors",
                explain = true,
            }
        );
        JsonNode first = ordered["results"]![0]!,
            last = ordered["results"]![3]!;

        Assert.Equal("zebra", Ids(plain)[0]);
        Assert.Equal(("bm25", null), ((string?)plain["score_kind"], plain["rerank"]));
        Assert.Null(plain["results"]![0]!["stages"]);
        Assert.Equal(["blue", "green", "cafe", "zebra"], Ids(ordered));
        Assert.Equal(("cosine", "colors"), ((string?)ordered["score_kind"], (string?)ordered["rerank"]));
        double[] expected = [1, 4 / 5.0, 4 / Math.Sqrt(52), 0];
        Assert.Equal(expected, ordered["results"]!.AsArray().Select(hit => (double)hit!["score"]!), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(["semantic", "keyword", "rerank"], first["stages"]!.AsObject().Select(stage => stage.Key));
        Assert.Equal((1, 4), ((int)first["stages"]!["rerank"]!["rank"]!, (int)last["stages"]!["rerank"]!["rank"]!));
        Assert.Equal(1, (int)last["stages"]!["keyword"]!["rank"]!);
        Assert.Equal((float)plain["results"]![0]!["score"]!, (float)last["stages"]!["keyword"]!["score"]!);
        Assert.Null(first["stages"]!["semantic"]!["rank"]);
    }

    [Fact]
    public async Task Cross_encoder_scores_match_the_reference_and_embed_nothing()
    {
        JsonNode pair = JsonNode.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(ServiceProcess.Metadata("CrossEncoderFolder"), "expected.json"),
                TestContext.Current.CancellationToken
            )
        )!["pairs"]![0]!;
        _service.UseKey(RerankingService.Writer);
        await _service.CreateAsync("pairs");
        await _service.AddAsync("pairs", new { id = "one", text = (string)pair["document"]! });
        _service.UseKey(RerankingService.Reader);
        JsonNode found = await SearchAsync(new { query = (string)pair["query"]!, rerank = "pair-bert" }, "pairs");
        (int status, JsonNode error) = await _service.RefusedAsync(
            _service.PostAsync("/v1/embeddings", """{"model":"pair-bert","input":"a"}""")
        );

        Assert.Equal(("logit", "pair-bert"), ((string?)found["score_kind"], (string?)found["rerank"]));
        Assert.Equal((double)pair["logit"]!, (double)found["results"]![0]!["score"]!, 1e-4);
        Assert.Equal((404, "model_not_found"), (status, (string?)error["code"]));
        Assert.Equal(["sextant-small", "colors"], await ListAsync("/v1/models"));
        Assert.Equal(["pair-bert", "sextant-small", "colors"], await ListAsync("/v1/rerankers"));
        Assert.True((await _service.Http.GetAsync("/readyz")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Candidates_limits_reranked_documents_and_pages_agree()
    {
        Assert.Equal(
            ["zebra"],
            Ids(
                await SearchAsync(
                    new
                    {
                        query = Query,
                        mode = "keyword",
                        rerank = "colors",
                        candidates = 1,
                        k = 1,
                    }
                )
            )
        );
        Assert.Equal(
            ["blue"],
            Ids(
                await SearchAsync(
                    new
                    {
                        query = Query,
                        mode = "keyword",
                        rerank = "colors",
                        candidates = 4,
                        k = 1,
                    }
                )
            )
        );
        Assert.Equal(
            ["green", "cafe"],
            Ids(
                await SearchAsync(
                    new
                    {
                        query = Query,
                        rerank = "colors",
                        offset = 1,
                        k = 2,
                    }
                )
            )
        );
        Assert.Equal(
            ["blue", "green"],
            Ids(
                await SearchAsync(
                    new
                    {
                        query = Query,
                        rerank = "colors",
                        min_score = 0.7,
                    }
                )
            )
        );
    }

    [Theory]
    [InlineData("""{"query":"a","rerank":"nobody"}""", 404, "rerank", "The model `nobody` does not exist or you do not have access to it.")]
    [InlineData(
        """{"query":"a","rerank":"../colors"}""",
        404,
        "rerank",
        "The model `../colors` does not exist or you do not have access to it."
    )]
    [InlineData("""{"query":"a","rerank":""}""", 404, "rerank", "The model `` does not exist or you do not have access to it.")]
    [InlineData("""{"id":"blue","rerank":"colors"}""", 400, "rerank", "'rerank' needs a text 'query'.")]
    [InlineData(
        """{"query":"a","candidates":5}""",
        400,
        "candidates",
        "'candidates' needs a reranker: name one with 'rerank', or omit 'candidates'."
    )]
    [InlineData("""{"query":"a","rerank":"colors","candidates":0}""", 400, "candidates", "'candidates' must be from 1 to 50.")]
    [InlineData("""{"query":"a","rerank":"colors","candidates":51}""", 400, "candidates", "'candidates' must be from 1 to 50.")]
    [InlineData("""{"query":"a","rerank":"colors","k":51}""", 400, "k", "With 'rerank', 'offset' and 'k' together must be at most 50.")]
    [InlineData("""{"query":"a","min_score":2}""", 400, "min_score", "'min_score' must be from -1 to 1.")]
    [InlineData("""{"query":"a","rerank":1}""", 400, "rerank", "Invalid value for 'rerank'.")]
    public async Task Invalid_reranking_is_rejected_with_the_field(string body, int code, string param, string message)
    {
        (int status, JsonNode error) = await _service.RefusedAsync(_service.PostAsync("/v1/collections/colors/search", body));

        Assert.Equal((code, param, message), (status, (string?)error["param"], (string?)error["message"]));
    }

    [Fact]
    public async Task Typed_client_sends_a_reranker_and_receives_the_stages()
    {
        using SextantClient client = new(_service.Url, RerankingService.Reader);
        CollectionClient colors = client.GetCollection("colors");
        IReadOnlyList<ClientResult> plain = await colors.SearchAsync(Query, options: new() { Mode = ClientMode.Keyword });
        IReadOnlyList<ClientResult> ordered = await colors.SearchAsync(
            Query,
            topK: 1,
            new()
            {
                Mode = ClientMode.Hybrid,
                RerankModel = "colors",
                Candidates = 4,
                Explain = true,
            }
        );
        SextantClientException unknown = await Assert.ThrowsAsync<SextantClientException>(() =>
            colors.SearchAsync(Query, options: new() { RerankModel = "nobody" })
        );

        Assert.Equal(("bm25", null), (plain[0].ScoreKind, plain[0].Stages));
        Assert.Equal(("blue", "cosine"), (ordered.Single().Id, ordered[0].ScoreKind));
        Sextant.Client.SearchStages stages = ordered[0].Stages!;
        Assert.Equal(new Sextant.Client.SearchStage(ordered[0].Score, 1), stages.Rerank);
        Assert.All([stages.Semantic, stages.Keyword, stages.Fused], stage => Assert.True(stage!.Score > 0));
        Assert.Equal(("model_not_found", "rerank"), (unknown.Code, unknown.Param));
        Assert.Equal(["pair-bert", "sextant-small", "colors"], await client.ListRerankersAsync());
    }

    [Fact]
    public async Task MCP_tool_accepts_a_listed_reranker()
    {
        using HttpClient http = new();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RerankingService.Reader);
        await using McpClient client = await McpClient.CreateAsync(
            new HttpClientTransport(new() { Endpoint = new(_service.Url, "/mcp") }, http)
        );
        JsonNode list = await CallAsync("list_collections", []);
        JsonNode ordered = await CallAsync(
            "search",
            new()
            {
                ["collection"] = "colors",
                ["query"] = Query,
                ["mode"] = "keyword",
                ["rerank"] = "colors",
                ["candidates"] = 4,
            }
        );
        CallToolResult unknown = await client.CallToolAsync(
            "search",
            new Dictionary<string, object?>
            {
                ["collection"] = "colors",
                ["query"] = "a",
                ["rerank"] = "nobody",
            }
        );

        Assert.Equal(["pair-bert", "sextant-small", "colors"], list["rerankers"]!.AsArray().Select(one => (string?)one));
        Assert.Equal(["blue", "green", "cafe", "zebra"], Ids(ordered));
        Assert.Equal(("cosine", "colors"), ((string?)ordered["score_kind"], (string?)ordered["rerank"]));
        Assert.True(unknown.IsError);
        Assert.Contains("`nobody` does not exist", Text(unknown), StringComparison.Ordinal);

        async Task<JsonNode> CallAsync(string tool, Dictionary<string, object?> arguments) =>
            JsonNode.Parse(Text(await client.CallToolAsync(tool, arguments)))!;
    }

    [Fact]
    public async Task Reranker_is_opened_once_for_all_collections()
    {
        await SearchAsync(new { query = Query, rerank = "colors" });
        string away = reranking.ModelFolder + "-away";
        Directory.Move(reranking.ModelFolder, away);
        try
        {
            await reranking.FillAsync("colors-too");
            Assert.Equal(
                ["blue", "green", "cafe", "zebra"],
                Ids(await SearchAsync(new { query = Query, rerank = "colors" }, "colors-too"))
            );
        }
        finally
        {
            Directory.Move(away, reranking.ModelFolder);
        }
    }

    private static string Text(CallToolResult result) =>
        string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private static string[] Ids(JsonNode found) => [.. found["results"]!.AsArray().Select(hit => (string)hit!["id"]!)];

    private async Task<string[]> ListAsync(string path) =>
        [.. (await _service.Http.GetFromJsonAsync<JsonNode>(path))!["data"]!.AsArray().Select(one => (string)one!["id"]!)];

    private async Task<JsonNode> SearchAsync(object request, string collection = "colors")
    {
        HttpResponseMessage answer = await _service.Http.PostAsJsonAsync($"/v1/collections/{collection}/search", request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
