using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.NuGetModels.Tests;

/// <summary>The real models against vectors that @huggingface/transformers computed from the same graphs and vocabularies.</summary>
public sealed class GoldenVectorTests(RealModels models)
{
    [Theory]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("snowflake-arctic-embed-xs")]
    public async Task Model_returns_the_reference_vectors(string name)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await models.OpenAsync(name);
        GoldenFile golden = GoldenFile.Read(name);
        Assert.Equal(10, golden.Texts.Count);

        foreach (GoldenText expected in golden.Texts)
        {
            EmbeddingGenerationOptions options = new EmbeddingGenerationOptions().WithRole(
                expected.IsQuery ? EmbeddingRole.Query : EmbeddingRole.Document
            );
            float[] vector = (await model.GenerateAsync(expected.Text, options, TestContext.Current.CancellationToken)).Vector.ToArray();

            Assert.Equal(384, vector.Length);
            float difference = TensorPrimitives.Distance<float>(vector, expected.Vector);
            Assert.True(difference < 1e-5, $"{difference:E2} from the reference: {expected.Text}");
        }
    }
}
