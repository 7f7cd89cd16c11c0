using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Server.Tests.Client;

namespace Sextant.Server.Tests.Api;

/// <summary><c>POST /v1/rerank</c>, with models whose scores can be computed by hand.</summary>
public sealed class RerankApiTests(RerankingService reranking) : IClassFixture<RerankingService>
{
    private static readonly string[] Texts = ["zebra zebra red", "blue cafe", "blue green", "blue"];

    private readonly ServiceProcess _service = reranking.Service;

    [Fact]
    public async Task Results_are_ordered_by_score_and_name_their_position()
    {
        JsonNode answer = await RerankAsync(
            new
            {
                model = "colors",
                query = "blue",
                documents = Texts,
            }
        );

        Assert.StartsWith("rerank-", (string?)answer["id"], StringComparison.Ordinal);
        Assert.Equal("colors", (string?)answer["model"]);
        Assert.Equal([3, 2, 1, 0], answer["results"]!.AsArray().Select(result => (int)result!["index"]!));
        double[] expected = [1, 4 / 5.0, 4 / Math.Sqrt(52), 0];
        Assert.Equal(
            expected,
            answer["results"]!.AsArray().Select(result => (double)result!["relevance_score"]!),
            (a, b) => Math.Abs(a - b) < 1e-6
        );
        Assert.All(answer["results"]!.AsArray(), result => Assert.Null(result!["document"]));
    }

    [Fact]
    public async Task Documents_may_be_objects_and_are_returned_on_request()
    {
        JsonNode answer = await RerankAsync(
            new
            {
                model = "colors",
                query = "blue",
                documents = new object[] { "blue cafe", new { text = "blue", page = 3 } },
                top_n = 1,
                return_documents = true,
            }
        );

        JsonNode only = Assert.Single(answer["results"]!.AsArray())!;
        Assert.Equal((1, "blue"), ((int)only["index"]!, (string?)only["document"]!["text"]));
    }

    [Fact]
    public async Task Equal_documents_keep_their_order_and_top_n_may_exceed_them()
    {
        JsonNode answer = await RerankAsync(
            new
            {
                model = "colors",
                query = "blue",
                documents = new[] { "blue", "blue", "blue" },
                top_n = 100,
            }
        );

        Assert.Equal([0, 1, 2], answer["results"]!.AsArray().Select(result => (int)result!["index"]!));
    }

    [Fact]
    public async Task Cross_encoder_scores_are_probabilities()
    {
        JsonNode pair = JsonNode.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(ServiceProcess.Metadata("CrossEncoderFolder"), "expected.json"),
                TestContext.Current.CancellationToken
            )
        )!["pairs"]![0]!;
        JsonNode answer = await RerankAsync(
            new
            {
                model = "pair-bert",
                query = (string)pair["query"]!,
                documents = new[] { (string)pair["document"]! },
            }
        );

        Assert.Equal(1 / (1 + Math.Exp(-(double)pair["logit"]!)), (double)answer["results"]![0]!["relevance_score"]!, 1e-4);
    }

    [Theory]
    [InlineData("""{"query":"a","documents":["b"]}""", 400, "model")]
    [InlineData("""{"model":"colors","documents":["b"]}""", 400, "query")]
    [InlineData("""{"model":"colors","query":" ","documents":["b"]}""", 400, "query")]
    [InlineData("""{"model":"colors","query":"a","documents":[]}""", 400, "documents")]
    [InlineData("""{"model":"colors","query":"a","documents":[7]}""", 400, "documents[0]")]
    [InlineData("""{"model":"colors","query":"a","documents":["b",{"body":"c"}]}""", 400, "documents[1]")]
    [InlineData("""{"model":"colors","query":"a","documents":["b"],"top_n":0}""", 400, "top_n")]
    [InlineData("""{"model":"unknown","query":"a","documents":["b"]}""", 404, "model")]
    public async Task Invalid_requests_name_the_parameter(string body, int status, string param)
    {
        (int answered, JsonNode error) = await _service.RefusedAsync(_service.PostAsync("/v1/rerank", body));

        Assert.Equal((status, param), (answered, (string?)error["param"]));
    }

    [Fact]
    public async Task Too_many_documents_name_the_limit()
    {
        string body = JsonSerializer.Serialize(
            new
            {
                model = "colors",
                query = "a",
                documents = Enumerable.Repeat("b", 51),
            }
        );
        (int status, JsonNode error) = await _service.RefusedAsync(_service.PostAsync("/v1/rerank", body));

        Assert.Equal((400, "batch_too_large"), (status, (string?)error["code"]));
        Assert.Contains("50", (string?)error["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/rerank")]
    [InlineData("/v2/rerank")]
    public async Task Both_addresses_need_a_key(string path)
    {
        using HttpClient without = new() { BaseAddress = _service.Url };
        HttpResponseMessage answer = await without.PostAsJsonAsync(
            path,
            new
            {
                model = "colors",
                query = "a",
                documents = Texts,
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public Task Cohere_clients_work_unchanged() =>
        NodeScript.HoldsAsync(
            _service,
            "cohere-ai",
            "cohere.mjs",
            [$"{_service.Url}", RerankingService.Reader],
            ["v1 orders texts", "v1 returns documents", "v2 orders texts", "errors"]
        );

    private async Task<JsonNode> RerankAsync(object body)
    {
        HttpResponseMessage answer = await _service.Http.PostAsJsonAsync("/v1/rerank", body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }
}
