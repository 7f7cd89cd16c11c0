using System.ClientModel;
using OpenAI;
using OpenAI.Embeddings;

namespace Sextant.Server.Tests.Client;

/// <summary>OpenAI's own .NET client, unchanged but for its base address.</summary>
public sealed class OpenAIClientTests(SharedService shared)
{
    private static readonly string[] Texts = ["how do refunds work", "opening hours", "how do refunds work"];

    [Fact]
    public async Task A_text_gets_a_vector_of_length_one_and_the_same_every_time()
    {
        OpenAIEmbedding first = await Client().GenerateEmbeddingAsync("how do refunds work");
        OpenAIEmbedding second = await Client().GenerateEmbeddingAsync("how do refunds work");

        Assert.Equal(256, first.ToFloats().Length);
        Assert.Equal(1, Length(first), 1e-4);
        Assert.Equal(first.ToFloats().ToArray(), second.ToFloats().ToArray());
    }

    [Fact]
    public async Task A_batch_comes_back_in_its_order_with_its_usage()
    {
        OpenAIEmbeddingCollection batch = await Client().GenerateEmbeddingsAsync(Texts);

        Assert.Equal([0, 1, 2], batch.Select(one => one.Index));
        Assert.Equal(batch[0].ToFloats().ToArray(), batch[2].ToFloats().ToArray());
        Assert.NotEqual(batch[0].ToFloats().ToArray(), batch[1].ToFloats().ToArray());
        Assert.True(batch.Usage.InputTokenCount >= 3);
        Assert.Equal(batch.Usage.InputTokenCount, batch.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task Fewer_dimensions_are_the_head_of_the_vector_scaled_to_length_one()
    {
        float[] whole = (await Client().GenerateEmbeddingAsync("opening hours")).Value.ToFloats().ToArray();
        OpenAIEmbedding cut = await Client().GenerateEmbeddingAsync("opening hours", new() { Dimensions = 64 });

        float scale = MathF.Sqrt(whole[..64].Sum(x => x * x));
        Assert.Equal(whole[..64].Select(x => x / scale), cut.ToFloats().ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public async Task Tokens_stand_for_the_text_that_they_encode()
    {
        // "hello world" in cl100k_base.
        OpenAIEmbeddingCollection tokens = await Client().GenerateEmbeddingsAsync([new ReadOnlyMemory<int>([15339, 1917])]);
        OpenAIEmbedding text = await Client().GenerateEmbeddingAsync("hello world");

        Assert.Equal(text.ToFloats().ToArray(), tokens[0].ToFloats().ToArray());
    }

    [Fact]
    public async Task An_unknown_model_is_told_as_OpenAI_tells_it()
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
