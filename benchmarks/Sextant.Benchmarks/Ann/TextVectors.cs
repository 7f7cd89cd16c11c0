using Microsoft.Extensions.AI;
using Sextant.Index.Interchange;
using Sextant.Models;

namespace Sextant.Benchmarks.Ann;

/// <summary>The vectors of real texts: one a line, equal lines once. The last are the queries, which the base does not contain.</summary>
internal static class TextVectors
{
    private const int Batch = 256;

    public static (VectorTable Base, VectorTable Queries) Embed(string file, string? model, int count, int queries)
    {
        if (!File.Exists(file))
            throw new InputException($"--texts {file}: there is no such file");
        string[] texts = [.. File.ReadLines(file).Where(static line => !string.IsNullOrWhiteSpace(line)).Distinct().Take(count + queries)];
        if (texts.Length < 2 * queries)
            throw new InputException($"--texts {file}: {texts.Length} distinct lines are too few for {queries} queries");
        VectorTable all = Embed(texts, model);
        int split = (texts.Length - queries) * all.Dimensions;
        return (new(all.Dimensions, all.Rows[..split]), new(all.Dimensions, all.Rows[split..]));
    }

    /// <summary>The vectors of texts, one each.</summary>
    public static VectorTable Embed(string[] texts, string? model)
    {
        ModelRegistry registry = ModelRegistry.Default;
        using IEmbeddingGenerator<string, Embedding<float>> generator = registry
            .OpenAsync(model ?? "sextant-small", new())
            .GetAwaiter()
            .GetResult();
        float[] rows = [];
        int width = 0,
            at = 0;
        foreach (string[] batch in texts.Chunk(Batch))
        {
            foreach (Embedding<float> embedding in generator.GenerateAsync(batch).GetAwaiter().GetResult())
            {
                if (width == 0)
                {
                    width = embedding.Vector.Length;
                    rows = new float[texts.Length * width];
                }

                embedding.Vector.CopyTo(rows.AsMemory(at++ * width));
            }
        }

        return new(width, rows);
    }
}
