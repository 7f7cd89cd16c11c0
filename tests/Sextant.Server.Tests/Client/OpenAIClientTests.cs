using System.ClientModel;
using OpenAI;
using OpenAI.Embeddings;

namespace Sextant.Server.Tests.Client;

/// <summary>OpenAI's own .NET client, unchanged but for its base address.</summary>
public sealed class OpenAIClientTests(SharedService shared)
{
    private static readonly string[] Texts = ["how do refunds work", "opening hours", "how do refunds work"];

    [Fact]
    public async Task Text_has_a_reproducible_vector_of_length_1()
    {
        OpenAIEmbedding first = await Client().GenerateEmbeddingAsync("how do refunds work");
        OpenAIEmbedding second = await Client().GenerateEmbeddingAsync("how do refunds work");

        Assert.Equal(256, first.ToFloats().Length);
        Assert.Equal(1, Length(first), 1e-4);
        Assert.Equal(first.ToFloats().ToArray(), second.ToFloats().ToArray());
    }

    [Fact]
    public async Task Batch_is_returned_in_order_with_usage()
    {
        OpenAIEmbeddingCollection batch = await Client().GenerateEmbeddingsAsync(Texts);

        Assert.Equal([0, 1, 2], batch.Select(one => one.Index));
        Assert.Equal(batch[0].ToFloats().ToArray(), batch[2].ToFloats().ToArray());
        Assert.NotEqual(batch[0].ToFloats().ToArray(), batch[1].ToFloats().ToArray());
        Assert.True(batch.Usage.InputTokenCount >= 3);
        Assert.Equal(batch.Usage.InputTokenCount, batch.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task Reduced_dimensions_are_the_normalized_prefix_of_the_vector()
    {
        float[] whole = (await Client().GenerateEmbeddingAsync("opening hours")).Value.ToFloats().ToArray();
        OpenAIEmbedding cut = await Client().GenerateEmbeddingAsync("opening hours", new() { Dimensions = 64 });

        float scale = MathF.Sqrt(whole[..64].Sum(x => x * x));
        Assert.Equal(whole[..64].Select(x => x / scale), cut.ToFloats().ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public async Task Token_input_equals_its_text()
    {
        // "hello world" in cl100k_base.
        OpenAIEmbeddingCollection tokens = await Client().GenerateEmbeddingsAsync([new ReadOnlyMemory<int>([15339, 1917])]);
        OpenAIEmbedding text = await Client().GenerateEmbeddingAsync("hello world");

        Assert.Equal(text.ToFloats().ToArray(), tokens[0].ToFloats().ToArray());
    }

    [Fact]
    public async Task Unknown_model_returns_the_OpenAI_error()
    {
        ClientResultException error = await Assert.ThrowsAsync<ClientResultException>(() =>
            Client("nobody").GenerateEmbeddingAsync("text")
        );

        Assert.Equal(404, error.Status);
        Assert.Contains("model_not_found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_dimensions_and_an_empty_text_are_bad_requests()
    {
        ClientResultException dimensions = await Assert.ThrowsAsync<ClientResultException>(() =>
            Client().GenerateEmbeddingAsync("text", new() { Dimensions = 4096 })
        );
        ClientResultException empty = await Assert.ThrowsAsync<ClientResultException>(() => Client().GenerateEmbeddingsAsync(["text", ""]));

        Assert.Equal((400, 400), (dimensions.Status, empty.Status));
    }

    private EmbeddingClient Client(string model = "sextant-small") =>
        new(model, new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new(shared.Service.Url, "/v1") });

    private static double Length(OpenAIEmbedding embedding) => Math.Sqrt(embedding.ToFloats().ToArray().Sum(x => (double)x * x));
}
