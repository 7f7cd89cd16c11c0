using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Hosted.Tests.Services;

namespace Sextant.Hosted.Tests;

public sealed class OtherServicesTests : IDisposable
{
    private readonly Hosted _hosted = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _hosted.Dispose();

    [Fact]
    public async Task Azure_request_uses_the_deployment_and_header_and_dimensions_come_from_the_answer()
    {
        await using var server = new FakeAzure { Dimensions = 640 };
        _hosted.Environment["AZURE_OPENAI_API_KEY"] = server.Key;
        _hosted.Environment["AZURE_OPENAI_ENDPOINT"] = server.Address.ToString();
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync("azure:my-embeddings");

        ReadOnlyMemory<float> vector = await model.EmbedQueryAsync("hello", cancellationToken: Stop);

        Assert.Equal(FakeService.VectorOf("hello", 640), vector.ToArray());
        Assert.Equal(640, model.GetService<ModelProfile>()!.Dimensions);
        Assert.All(server.Requests, request => Assert.DoesNotContain("Authorization", request.Headers.Keys));
    }

    [Theory]
    [InlineData(EmbeddingRole.Query, "query")]
    [InlineData(EmbeddingRole.Document, "document")]
    public async Task Voyage_request_has_role_and_dimensions_and_disables_truncation(EmbeddingRole role, string inputType)
    {
        await using var server = new FakeVoyage();
        _hosted.Environment["VOYAGE_API_KEY"] = server.Key;
        _hosted.Environment["VOYAGE_BASE_URL"] = new Uri(server.Address, "/v1").ToString();
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(
            "voyage:voyage-4-large",
            pipeline: new EmbeddingPipelineOptions { Dimensions = 2048 }
        );

        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
            ["one", "two words"],
            new EmbeddingGenerationOptions().WithRole(role),
            Stop
        );

        Assert.Equal(FakeService.VectorOf("two words", 2048), vectors[1].Vector.ToArray());
        Assert.Equal(3, vectors.Usage!.TotalTokenCount);
        Assert.Equal(
            $$"""{"model":"voyage-4-large","input":["one","two words"],"input_type":"{{inputType}}","truncation":"""
                + $$"""false,"encoding_format":"base64","output_dimension":2048}""",
            Assert.Single(server.Requests).Body.ToJsonString()
        );
    }

    [Theory]
    [InlineData(EmbeddingRole.Query, "search_query", false)]
    [InlineData(EmbeddingRole.Document, "search_document", true)]
    public async Task Cohere_request_has_the_role_and_vectors_are_read_by_type(EmbeddingRole role, string inputType, bool onlyFloat)
    {
        await using var server = new FakeCohere { OnlyFloat = onlyFloat };
        _hosted.Environment["COHERE_API_KEY"] = server.Key;
        _hosted.Environment["COHERE_BASE_URL"] = server.Address.ToString();
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync("cohere:embed-english-v3.0");

        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
            ["one", "two words"],
            new EmbeddingGenerationOptions().WithRole(role),
            Stop
        );

        Assert.Equal(FakeService.VectorOf("two words", 1024), vectors[1].Vector.ToArray());
        Assert.Equal(3, vectors.Usage!.TotalTokenCount);
        Assert.Equal(
            $$"""{"model":"embed-english-v3.0","texts":["one","two words"],"input_type":"{{inputType}}","embedding_types":"""
                + $$"""["base64"],"truncate":"NONE"}""",
            Assert.Single(server.Requests).Body.ToJsonString()
        );
    }

    [Fact]
    public async Task Cohere_request_has_at_most_96_texts()
    {
        await using var server = new FakeCohere();
        _hosted.Environment["COHERE_API_KEY"] = server.Key;
        _hosted.Environment["COHERE_BASE_URL"] = server.Address.ToString();
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(
            "cohere:embed-v4.0",
            pipeline: new() { Dimensions = 256 }
        );

        await model.EmbedDocumentsAsync(Enumerable.Range(0, 200).Select(i => $"text {i}"), cancellationToken: Stop);

        Assert.Equal([96, 96, 8], server.Requests.Select(r => r.Body["texts"]!.AsArray().Count).OrderDescending());
        Assert.All(server.Requests, r => Assert.Equal(256, r.Body["output_dimension"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Dimensions_of_an_Ollama_model_are_requested()
    {
        await using var server = new FakeOllama();
        _hosted.Environment["OLLAMA_HOST"] = server.Address.Authority;
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync("ollama:tiny-embed");

        ReadOnlyMemory<float> vector = await model.EmbedQueryAsync("hello", cancellationToken: Stop);

        Assert.Equal(FakeService.VectorOf("hello", 768), vector.ToArray());
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal("""["hello"]""", server.Requests.Last().Body["input"]!.ToJsonString());
        Assert.False(server.Requests.Last().Body["truncate"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Missing_Ollama_model_is_an_error_with_the_pull_command()
    {
        await using var server = new FakeOllama();
        _hosted.Environment["OLLAMA_HOST"] = server.Address.ToString();

        SextantException error = await Assert.ThrowsAnyAsync<SextantException>(() => _hosted.OpenAsync("ollama:other"));

        Assert.Contains("404 model \"other\" not found, try pulling it first", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("get the model with: ollama pull other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compatible_server_does_not_receive_the_OpenAI_key()
    {
        await using var server = new FakeCompatible { Dimensions = 384 };
        _hosted.Environment["OPENAI_API_KEY"] = "sk-not-for-you";
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(
            $"{server.Address.GetLeftPart(UriPartial.Authority)}#bge/small"
        );

        ReadOnlyMemory<float> vector = await model.EmbedQueryAsync("hello", cancellationToken: Stop);

        Assert.Equal(FakeService.VectorOf("hello", 384), vector.ToArray());
        Assert.All(server.Requests, request => Assert.DoesNotContain("Authorization", request.Headers.Keys));
        Assert.Equal("bge/small", server.Requests.First().Body["model"]!.GetValue<string>());
    }

    [Fact]
    public async Task Batch_size_follows_the_servers_reported_limit()
    {
        await using var server = new FakeCompatible { Dimensions = 32, MaxTexts = 32 };
        using IEmbeddingGenerator<string, Embedding<float>> model = await _hosted.OpenAsync(
            $"{server.Address.GetLeftPart(UriPartial.Authority)}#tei",
            o => o with { Concurrency = 1 }
        );
        string[] texts = [.. Enumerable.Range(0, 512).Select(i => $"text {i}")];

        GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(texts, cancellationToken: Stop);

        Assert.Equal(texts.Select(text => FakeService.VectorOf(text, 32)[0]), vectors.Select(v => v.Vector.Span[0]));
        Assert.Equal([1, 256, 128, 64, .. Enumerable.Repeat(32, 16)], server.Requests.Select(r => r.Body["input"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "names a server but no model")]
    [InlineData("http://user:secret@127.0.0.1:1#m", "must not contain a password")]
    [InlineData("voyage:", "has no model name")]
    [InlineData("voyage:voyage-4", "set the environment variable VOYAGE_API_KEY")]
    [InlineData("cohere:embed-v4.0", "set the environment variable COHERE_API_KEY")]
    [InlineData("azure:my-embeddings", "set the environment variable AZURE_OPENAI_API_KEY")]
    public async Task Incomplete_model_name_is_rejected_with_the_missing_part(string name, string says)
    {
        InputException error = await Assert.ThrowsAsync<InputException>(() => _hosted.OpenAsync(name));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    /// <summary>As TEI answers: no key, and errors without a wrapper.</summary>
    private sealed class FakeCompatible : FakeOpenAI
    {
        protected override bool IsAuthorized(SeenRequest request) => !request.Headers.ContainsKey("Authorization");

        protected override Microsoft.AspNetCore.Http.IResult Error(int status, string message, string code = "") =>
            Microsoft.AspNetCore.Http.Results.Json(
                new
                {
                    message = message.Contains("array too long", StringComparison.Ordinal)
                        ? $"batch size 64 > maximum allowed batch size {MaxTexts}"
                        : message,
                    code = 422,
                    type = "Validation",
                },
                statusCode: 422
            );
    }
}
