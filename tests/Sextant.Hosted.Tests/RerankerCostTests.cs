using Sextant.Embedding;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

/// <summary>The cost of reranking, estimated before any request and counted afterward.</summary>
public sealed class RerankerCostTests : IDisposable
{
    private readonly Hosted _hosted = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _hosted.Dispose();

    // Cohere: one search for each begun hundred documents of a request, at $2 a thousand.
    // Voyage, Jina: the query's tokens for each document and the documents' tokens. "word" is one token of cl100k_base, counted as 2 (a
    // fifth more, rounded up).
    [Theory]
    [InlineData("cohere:rerank-v3.5", 1, "0.002")]
    [InlineData("cohere:rerank-v3.5", 100, "0.002")]
    [InlineData("cohere:rerank-v3.5", 101, "0.004")]
    [InlineData("cohere:rerank-v3.5", 1001, "0.022")]
    [InlineData("cohere:rerank-v4.0-pro", 100, "0.0025")]
    [InlineData("voyage:rerank-2.5", 100, "0.00002")]
    [InlineData("voyage:rerank-2.5-lite", 100, "0.000008")]
    [InlineData("jina:jina-reranker-v3", 100, "0.00002")]
    public async Task Cost_estimate_needs_no_key_and_sends_no_request(string name, int documents, string usd)
    {
        using IReranker reranker = await _hosted.OpenRerankerAsync(name, static options => options with { CountOnly = true });

        decimal? cost = await reranker.EstimateCostAsync("word", [.. Enumerable.Repeat("word", documents)], Stop);

        Assert.Equal(decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture), cost);
    }

    [Theory]
    [InlineData(1, 60, "0.002")]
    // Two chunks of about 500 tokens each: 60 documents are 120 chunks.
    [InlineData(700, 60, "0.004")]
    // Of a document of any length 4,096 tokens are read: nine chunks.
    [InlineData(20_000, 11, "0.002")]
    [InlineData(20_000, 12, "0.004")]
    public async Task Long_documents_count_as_several_search_units(int words, int documents, string usd)
    {
        using IReranker reranker = await _hosted.OpenRerankerAsync(
            "cohere:rerank-v3.5",
            static options => options with { CountOnly = true }
        );
        string text = string.Join(' ', Enumerable.Repeat("word", words));

        decimal? cost = await reranker.EstimateCostAsync("word", [.. Enumerable.Repeat(text, documents)], Stop);

        Assert.Equal(decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture), cost);
    }

    [Theory]
    [InlineData("cohere:rerank-of-tomorrow")]
    [InlineData("http://127.0.0.1:1#bge-reranker-base")]
    public async Task An_unknown_price_is_not_guessed(string name)
    {
        using IReranker reranker = await _hosted.OpenRerankerAsync(name, static options => options with { CountOnly = true });

        Assert.Null(await reranker.EstimateCostAsync("word", ["word"], Stop));
    }

    [Theory]
    // Its texts were longer by its own count: 6 units, where 2 were estimated.
    [InlineData("cohere", 150, "0.012")]
    [InlineData("voyage", 150, "0.000015")]
    [InlineData("jina", 150, "0.000015")]
    public async Task Charges_of_the_service_are_summed(string service, int documents, string usd)
    {
        await using var server = FakeReranker.Start(service, _hosted.Environment);
        server.SearchUnits = 3;
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model);

        await reranker.ScoreAsync("word", [.. Enumerable.Repeat("word", documents)], Stop);

        Assert.Equal(
            (1, decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture)),
            (_hosted.Usage.Requests, _hosted.Usage.Usd)
        );
    }

    [Fact]
    public async Task Self_hosted_server_has_no_price()
    {
        await using var server = FakeReranker.Start("tei", _hosted.Environment);
        using IReranker reranker = await _hosted.OpenRerankerAsync(server.Model);

        await reranker.ScoreAsync("word", ["word"], Stop);

        Assert.Equal((1, null), (_hosted.Usage.Requests, _hosted.Usage.Usd));
    }

    [Fact]
    public void Requests_are_split_by_documents_and_tokens_and_contain_at_least_one_document()
    {
        var all = new RerankBatch([0, 1, 2, 3, 4, 5], 10, [20, 20, 90, 5, 5, 5]);

        Assert.Equal(
            [
                [0, 1],
                [2],
                [3, 4],
                [5],
            ],
            RerankBatch.Cut(all, 2, 60).Select(static batch => batch.Places)
        );
        Assert.Equal([60, 100, 45], RerankBatch.Cut(all, 3, 60).Select(static batch => batch.Tokens));
        Assert.Empty(RerankBatch.Cut(new RerankBatch([], 10, []), 2, 60));
    }
}
