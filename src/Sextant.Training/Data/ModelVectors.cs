using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Training.Runs;

namespace Sextant.Training.Data;

/// <summary>Asks a model for the vectors of many texts, and reports how far it has come. Cached vectors are not computed again.</summary>
internal static class ModelVectors
{
    private const int BatchSize = 2_048;

    public static async Task<float[][]> EmbedAsync(
        IEmbeddingGenerator<string, Embedding<float>> model,
        IReadOnlyList<string> texts,
        EmbeddingRole role,
        TrainingRunOptions run,
        CancellationToken cancellationToken
    )
    {
        float[][] vectors = new float[texts.Count][];
        EmbeddingGenerationOptions options = EmbeddingRoleExtensions.WithRole(null, role);
        for (int start = 0; start < texts.Count; start += BatchSize)
        {
            int count = Math.Min(BatchSize, texts.Count - start);
            GeneratedEmbeddings<Embedding<float>> generated = await model
                .GenerateAsync(Enumerable.Range(start, count).Select(i => texts[i]), options, cancellationToken)
                .ConfigureAwait(false);
            for (int i = 0; i < count; i++)
            {
                vectors[start + i] = generated[i].Vector.ToArray();
            }

            run.EmbeddingProgress?.Report(new EmbeddedTexts(start + count, texts.Count));
        }

        return vectors;
    }
}
