using System.Diagnostics;
using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Evaluation;

/// <summary>Embeds the texts of a task, each once, and measures how fast that goes.</summary>
internal sealed class TextTables(EvaluationModel model, IProgress<(long Done, long Total)>? progress, long total)
{
    private const int Batch = 2048;

    private long _reported;

    /// <summary>Texts that the model computed itself.</summary>
    public long Texts { get; private set; }

    /// <summary>The seconds it took over them.</summary>
    public double Seconds { get; private set; }

    public async Task<EmbeddingTable> EmbedAsync(IReadOnlyList<string> texts, EmbeddingRole role, CancellationToken cancellationToken)
    {
        var rowOf = new Dictionary<string, int>(texts.Count, StringComparer.Ordinal);
        foreach (string text in texts)
            rowOf.TryAdd(text, rowOf.Count);
        string[] unique = [.. rowOf.Keys];
        int dimensions = model.Profile?.Dimensions ?? 0;
        float[] rows = [];
        EmbeddingGenerationOptions options = new EmbeddingGenerationOptions().WithRole(role);
        for (int start = 0; start < unique.Length; start += Batch)
        {
            string[] batch = unique[start..Math.Min(start + Batch, unique.Length)];
            long began = Stopwatch.GetTimestamp();
            GeneratedEmbeddings<Embedding<float>> vectors = await model
                .Generator.GenerateAsync(batch, options, cancellationToken)
                .ConfigureAwait(false);
            // A cache answers without tokens; its speed is not the model's.
            if (vectors.Usage is not { InputTokenCount: 0 })
            {
                Seconds += Stopwatch.GetElapsedTime(began).TotalSeconds;
                Texts += batch.Length;
            }

            if (start == 0)
            {
                dimensions = vectors[0].Vector.Length;
                rows = new float[(long)unique.Length * dimensions];
            }

            for (int i = 0; i < batch.Length; i++)
                vectors[i].Vector.Span.CopyTo(rows.AsSpan((start + i) * dimensions, dimensions));
            progress?.Report((_reported + start + batch.Length, total));
        }

        // Texts that repeat are done with the first of them.
        _reported += texts.Count;
        progress?.Report((_reported, total));
        float[] table = new float[(long)texts.Count * dimensions];
        for (int i = 0; i < texts.Count; i++)
            rows.AsSpan(rowOf[texts[i]] * dimensions, dimensions).CopyTo(table.AsSpan(i * dimensions, dimensions));
        return EmbeddingTable.Take(table, Math.Max(1, dimensions));
    }
}
