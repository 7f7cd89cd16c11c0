using Sextant.Embedding;
using Sextant.Hosted.Services;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

/// <summary>What rerankers of services are asked, and what comes of their answers.</summary>
public sealed class RerankerTests : IDisposable
{
    private const string Query = "how do refunds work?";

    private static readonly string[] Documents =
    [
        "Refunds take five days.",
        "We ship on Mondays.",
        "Money back within a month.",
        "Our office is in Lyon.",
        "Returns are free.",
    ];

    private readonly Hosted _hosted = new();

    public static TheoryData<string> Services => ["cohere", "voyage", "jina", "tei"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _hosted.Dispose();

    [Theory]
    [InlineData(
        "cohere",
        "/v2/rerank",
        """{"model":"rerank-v3.5","query":"a b","documents":["one","two words"]}""",
        ScoreKind.Relevance,
        4096
    )]
    [InlineData(
        "voyage",
        "/v1/rerank",
        """{"query":"a b","documents":["one","two words"],"model":"rerank-2.5","truncation":true}""",
        ScoreKind.Relevance,
        32000
    )]
    [InlineData(
        "jina",
        "/v1/rerank",
        """{"model":"jina-reranker-v2-base-multilingual","query":"a b","documents":["one","two words"],"return_documents":false}""",
        ScoreKind.Relevance,
        1024
    )]
    [InlineData(
        "tei",
        "/rerank",
        """{"query":"a b","texts":["one","two words"],"raw_scores":false,"truncate":true}""",
        ScoreKind.Probability,
        512
    )]
    public async Task Each_service_receives_its_own_request_format(string service, string path, string body, ScoreKind kind, int maxTokens)
    {
        await using var server = FakeReranker.Start(service, _hosted.Environment);
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model);

        await reranker.ScoreAsync("a b", ["one", "two words"], Stop);

        SeenRequest request = Assert.Single(server.Scored);
        Assert.Equal((path, body), (request.Path, request.Body.ToJsonString()));
        Assert.Equal(
            (server.Model, kind, maxTokens),
            (reranker.Profile.Name, reranker.Profile.ScoreKind, reranker.Profile.MaxTokens!.Value)
        );
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Scores_come_back_in_the_order_of_the_documents(string service)
    {
        await using var server = FakeReranker.Start(service, _hosted.Environment);
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model);

        IReadOnlyList<float> scores = await reranker.ScoreAsync(Query, Documents, Stop);

        Assert.Equal(Documents.Select(static document => FakeReranker.ScoreOf(Query, document)), scores);
        // The service sorts them, so that the order of its answer is another one.
        Assert.NotEqual(scores.OrderDescending(), scores);
    }

    [Theory]
    [InlineData("cohere", 2100, 1000, 1000, 100)]
    [InlineData("voyage", 1001, 1000, 1)]
    [InlineData("jina", 2049, 2048, 1)]
    [InlineData("tei", 70, 32, 32, 6)]
    public async Task Documents_over_the_services_limit_are_sent_in_further_requests(string service, int count, params int[] sizes)
    {
        await using var server = FakeReranker.Start(service, _hosted.Environment);
        server.MaxDocuments = sizes[0];
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model);
        string[] documents = [.. Enumerable.Range(0, count).Select(i => $"document {i}")];

        IReadOnlyList<float> scores = await reranker.ScoreAsync(Query, documents, Stop);

        Assert.Equal(documents.Select(static document => FakeReranker.ScoreOf(Query, document)), scores);
        Assert.Equal(
            sizes,
            server.Scored.Select(request => request.Body[service == "tei" ? "texts" : "documents"]!.AsArray().Count).OrderDescending()
        );
    }

    [Theory]
    [InlineData("cohere", true)]
    [InlineData("tei", true)]
    [InlineData("voyage", false)]
    public async Task Request_rejected_as_too_large_is_split_in_half(string service, bool byDocuments)
    {
        await using var server = FakeReranker.Start(service, _hosted.Environment);
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model, static options => options with { Concurrency = 1 });
        // The server's limit is another one than its documentation, or its /info, says.
        (server.MaxDocuments, server.MaxTokens) = byDocuments ? (3, int.MaxValue) : (1000, 20);
        string[] documents = [.. Enumerable.Range(0, 12).Select(i => $"document {i}")];

        IReadOnlyList<float> scores = await reranker.ScoreAsync(Query, documents, Stop);

        Assert.Equal(documents.Select(static document => FakeReranker.ScoreOf(Query, document)), scores);
        Assert.Equal(documents, server.Paid);
    }

    [Fact]
    public async Task Blank_documents_are_not_sent_and_rank_last()
    {
        await using var server = FakeReranker.Start("cohere", _hosted.Environment);
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model);

        IReadOnlyList<float> scores = await reranker.ScoreAsync(Query, ["", "one", " \n", "two"], Stop);
        IReadOnlyList<float> none = await reranker.ScoreAsync(Query, ["", " "], Stop);
        InputException error = await Assert.ThrowsAsync<InputException>(() => reranker.ScoreAsync(" ", ["one"], Stop));

        Assert.Equal([0, FakeReranker.ScoreOf(Query, "one"), 0, FakeReranker.ScoreOf(Query, "two")], scores);
        Assert.Equal([0, 0], none);
        Assert.Equal("cohere:rerank-v3.5: the query is empty", error.Message);
        Assert.Equal(["one", "two"], server.Paid);
    }

    [Theory]
    [InlineData("voyage:rerank-2.5-lite")]
    [InlineData("cohere:rerank-v4.0-fast")]
    [InlineData("jina:jina-reranker-m0")]
    public async Task Reranker_opened_as_an_embedding_model_is_rejected_with_the_reason(string name)
    {
        InputException error = await Assert.ThrowsAsync<InputException>(() => _hosted.OpenAsync(name));

        Assert.Equal($"{name} is a reranker, not an embedding model; use it to rerank search results", error.Message);
    }

    [Fact]
    public async Task Jina_embedding_models_are_requested_at_their_address()
    {
        InputException error = await Assert.ThrowsAsync<InputException>(() => _hosted.OpenAsync("jina:jina-embeddings-v3"));

        Assert.EndsWith(
            "for its embedding models use https://api.jina.ai/v1#jina-embeddings-v3, with the key in SEXTANT_COMPATIBLE_API_KEY",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_embedding_model_of_a_service_reranks_by_its_cosines()
    {
        await using var server = new FakeVoyage();
        _hosted.Environment["VOYAGE_API_KEY"] = server.Key;
        _hosted.Environment["VOYAGE_BASE_URL"] = $"{server.Address}v1";
        using IReranker reranker = await _hosted.OpenRerankerAsync("voyage:voyage-4");

        IReadOnlyList<float> scores = await reranker.ScoreAsync("one", ["one"], Stop);

        Assert.Equal(ScoreKind.Cosine, reranker.Profile.ScoreKind);
        Assert.Equal(1, Assert.Single(scores), 1e-5f);
    }

    [Theory]
    [InlineData("""{"embedding":{"pooling":"cls"}}""", "")]
    [InlineData("""{"classifier":{"id2label":{"0":"a","1":"b"},"label2id":{"a":0,"b":1}}}""", "")]
    [InlineData("", "<!doctype html><title>Welcome</title>")]
    [InlineData("", "{\"hello\":\"world\"}")]
    [InlineData("", "[]")]
    public async Task Server_without_a_reranker_is_used_as_an_embedding_model(string modelType, string info)
    {
        await using var server = FakeReranker.Start("tei", _hosted.Environment);
        server.ModelType = modelType;
        server.Always = request =>
            request.Path != "/info" ? new Fault(404, "{\"error\":\"no embeddings here\"}")
            : info.Length > 0 ? new Fault(200, info)
            : null;

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(() =>
            _hosted.OpenRerankerAsync(server.Model, static o => o with { MaxRetries = 0 })
        );

        Assert.Contains("no embeddings here", error.Message, StringComparison.Ordinal);
        Assert.Equal(["/info", "/v1/embeddings"], server.Requests.Select(static request => request.Path));
    }

    [Fact]
    public async Task Server_without_the_TEI_info_route_is_used_as_an_embedding_model()
    {
        await using var server = new FakeOpenAI { Dimensions = 96 };
        _hosted.Environment["SEXTANT_COMPATIBLE_API_KEY"] = server.Key;

        using IReranker reranker = await _hosted.OpenRerankerAsync($"{server.Address.GetLeftPart(UriPartial.Authority)}#bge-m3");

        Assert.Equal(ScoreKind.Cosine, reranker.Profile.ScoreKind);
    }

    [Fact]
    public async Task TEI_under_a_path_is_found_next_to_v1()
    {
        await using var server = FakeReranker.Start("tei", _hosted.Environment);
        using IReranker bare = await _hosted.OpenRerankerAsync($"{server.Address}v1#reranker");

        Assert.Equal(FakeReranker.ScoreOf("a", "b"), Assert.Single(await bare.ScoreAsync("a", ["b"], Stop)));
        Assert.Equal("http://host/tei", TeiInfo.Root(new Uri("http://host/tei/v1")).AbsoluteUri);
        Assert.Equal("http://host/v1beta", TeiInfo.Root(new Uri("http://host/v1beta")).AbsoluteUri);
    }
}
