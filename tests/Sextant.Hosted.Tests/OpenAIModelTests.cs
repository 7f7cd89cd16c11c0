using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

public sealed class OpenAIModelTests : IAsyncLifetime
{
    private readonly FakeOpenAI _server = new();
    private readonly Hosted _hosted = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _hosted.Environment["OPENAI_API_KEY"] = _server.Key;
        _hosted.Environment["OPENAI_BASE_URL"] = new Uri(_server.Address, "/v1").ToString();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _hosted.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Vectors_are_returned_in_the_order_of_the_texts()
    {
        _server.Shuffled = true;
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync("openai:text-embedding-3-small");

        GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(
            ["one", "two words", "three"],
            cancellationToken: Stop
        );

        Assert.Equal(FakeService.VectorOf("two words", 1536), vectors[1].Vector.ToArray());
        Assert.Equal(FakeService.VectorOf("three", 1536), vectors[2].Vector.ToArray());
        Assert.Equal(4, vectors.Usage!.InputTokenCount);
        Assert.Equal((1L, 4L, 0.00000008m), (_hosted.Usage.Requests, _hosted.Usage.Tokens, _hosted.Usage.Usd!.Value));
    }

    [Fact]
    public async Task A_request_has_the_published_fields_and_asks_for_base64()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync("openai:text-embedding-3-small");

        await model.EmbedQueryAsync("hello", cancellationToken: Stop);

        SeenRequest request = Assert.Single(_server.Requests);
        Assert.Equal("/v1/embeddings", request.Path);
        Assert.Equal($"Bearer {_server.Key}", request.Headers["Authorization"]);
        Assert.Equal("""{"encoding_format":"base64","input":["hello"],"model":"text-embedding-3-small"}""", Sorted(request));
    }

    [Fact]
    public async Task Reduced_dimensions_are_requested_from_the_service_and_are_a_separate_space()
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(
            "openai:text-embedding-3-large",
            pipeline: new EmbeddingPipelineOptions { Dimensions = 256 }
        );

        ReadOnlyMemory<float> vector = await model.EmbedQueryAsync("hello", cancellationToken: Stop);

        Assert.Equal(256, Assert.Single(_server.Requests).Body["dimensions"]!.GetValue<int>());
        Assert.Equal(FakeService.VectorOf("hello", 256), vector.ToArray());
        Assert.StartsWith(
            "openai/openai:text-embedding-3-large/256/",
            model.GetService<ModelProfile>()!.Fingerprint,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Missing_key_is_an_error_before_any_request()
    {
        _hosted.Environment.Remove("OPENAI_API_KEY");

        InputException error = await Assert.ThrowsAsync<InputException>(() => _hosted.OpenAsync("openai:text-embedding-3-small"));

        Assert.Equal("openai:text-embedding-3-small needs a key: set the environment variable OPENAI_API_KEY", error.Message);
    }

    [Fact]
    public async Task Wrong_dimensions_from_a_service_are_an_error_with_both_numbers()
    {
        _server.Dimensions = 8;
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync("openai:text-embedding-3-small");

        SextantException error = await Assert.ThrowsAsync<SextantException>(() => model.EmbedQueryAsync("hello", cancellationToken: Stop));

        Assert.Contains(
            "returned a vector of 8 dimensions, not 1536 (request req_good); this name refers to another model; check OPENAI_BASE_URL",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static string Sorted(SeenRequest request) =>
        new System.Text.Json.Nodes.JsonObject(
            request.Body.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))
        ).ToJsonString();
}
