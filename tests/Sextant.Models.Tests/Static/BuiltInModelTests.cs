using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Models.Tests.Static;

public sealed class BuiltInModelTests
{
    [Fact]
    public void Built_in_model_takes_at_most_16_MB_of_the_package()
    {
        RequireModel();
        long bytes = new[] { "config.json", "model.safetensors", "tokenizer.json" }.Sum(name =>
            typeof(Sextant.Model.Small.SmallModel).Assembly.GetManifestResourceStream($"{StaticModelProvider.BuiltInModel}/{name}")!.Length
        );
        Assert.InRange(bytes, 1, 16 << 20);
    }

    [Fact]
    public async Task Paraphrase_without_shared_words_scores_far_higher_than_an_unrelated_text()
    {
        RequireModel();
        using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync(
            StaticModelProvider.BuiltInModel,
            new EmbeddingPipelineOptions { UseCache = false }
        );
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync([
            "The quick brown fox jumps over the lazy dog",
            "A fast auburn fox leaps above the sleepy hound",
            "Python is a programming language",
        ]);
        float near = TensorPrimitives.Dot(vectors[0].Vector.Span, vectors[1].Vector.Span);
        float far = TensorPrimitives.Dot(vectors[0].Vector.Span, vectors[2].Vector.Span);
        Assert.True(near > far + 0.3f, $"paraphrase {near:F2}, other subject {far:F2}");
        Assert.Equal(model.GetService<ModelProfile>()!.Dimensions, vectors[0].Vector.Length);
        Assert.Equal(1f, TensorPrimitives.Norm(vectors[0].Vector.Span), 1e-4f);
    }

    [Theory]
    [InlineData("cat", "dog")]
    [InlineData("car", "bus")]
    [InlineData("king", "queen")]
    [InlineData("doctor", "nurse")]
    public async Task Related_words_score_higher_than_similarly_spelled_words(string one, string other)
    {
        RequireModel();
        using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync(
            StaticModelProvider.BuiltInModel,
            new EmbeddingPipelineOptions { UseCache = false }
        );
        GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync([one, other, "cat", "car"]);
        float near = TensorPrimitives.Dot(vectors[0].Vector.Span, vectors[1].Vector.Span);
        float far = TensorPrimitives.Dot(vectors[2].Vector.Span, vectors[3].Vector.Span);
        Assert.True(near > far, $"{one} and {other} {near:F2}, cat and car {far:F2}");
    }

    private static void RequireModel() =>
        Assert.SkipUnless(
            typeof(Sextant.Model.Small.SmallModel).Assembly.GetManifestResourceInfo($"{StaticModelProvider.BuiltInModel}/model.safetensors")
                is not null,
            "This build carries no model: models/sextant-small holds none."
        );
}
