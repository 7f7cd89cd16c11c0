using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;

namespace Sextant.Umap.Tests;

/// <summary>The picture that everyone draws first: a handful of words.</summary>
public sealed class SmallSetTests
{
    private static readonly string[] Animals = ["dog", "puppy", "pet", "cat", "kitten"],
        Vehicles = ["car", "automobile", "vehicle", "bicycle"];

    [Fact]
    public async Task Animals_and_vehicles_form_separate_groups()
    {
        string[] words = [.. Animals, .. Vehicles];
        using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync(
            StaticModelProvider.BuiltInModel,
            new EmbeddingPipelineOptions { UseCache = false },
            TestContext.Current.CancellationToken
        );
        GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(
            words,
            cancellationToken: TestContext.Current.CancellationToken
        );
        UmapModel map = UmapModel.Fit(
            vectors.SelectMany(static vector => vector.Vector.ToArray()).ToArray(),
            vectors[0].Vector.Length,
            UmapOptions.ForRowCount(words.Length),
            cancellationToken: TestContext.Current.CancellationToken
        );

        float[] at = map.Embedding.ToArray();
        double widest = 0,
            gap = double.PositiveInfinity;
        for (int a = 0; a < words.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                bool together = a < Animals.Length == b < Animals.Length;
                if (together)
                    widest = Math.Max(widest, Apart(a, b));
                else
                    gap = Math.Min(gap, Apart(a, b));
            }
        }

        Assert.True(gap > widest, $"{gap} between the groups, {widest} within");

        double Apart(int a, int b) => Math.Sqrt(Math.Pow(at[2 * a] - at[2 * b], 2) + Math.Pow(at[(2 * a) + 1] - at[(2 * b) + 1], 2));
    }
}
