using Sextant.Embedding;
using Sextant.Models.Safetensors;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.Encoders;

/// <summary>A static model and the token ids of every text that it is trained on. Queries and documents are the same to it.</summary>
internal sealed class StaticTextEncoder(StaticEncoder encoder, IReadOnlyList<int[]> tokens) : ITrainedEncoder
{
    public StaticEncoder Encoder => encoder;

    public int Dimensions => encoder.Dimensions;

    public long Steps => encoder.Steps;

    public EmbeddingMatrix Forward(int[] texts, int queries, SeededRandom random, ParallelOptions parallel)
    {
        var batch = new TokenBatch();
        foreach (int text in texts)
        {
            batch.Add(tokens[text]);
        }

        return encoder.Forward(batch, random, parallel);
    }

    public void Backward(EmbeddingMatrix gradients, float rate, ParallelOptions parallel) => encoder.Backward(gradients, rate, parallel);

    public EmbeddingMatrix Embed(int[] texts, EmbeddingRole role)
    {
        float[] rows = encoder.Compose();
        var embeddings = new EmbeddingMatrix(texts.Length, Dimensions);
        Parallel.For(
            0,
            texts.Length,
            i =>
            {
                Span<float> sum = embeddings[i];
                TokenSum.Add(rows, Dimensions, tokens[texts[i]], encoder.PositionScale, sum);
            }
        );
        return embeddings;
    }

    public void Save(SafetensorsWriter file)
    {
        long[] shape = [encoder.Table.Length / Dimensions, Dimensions];
        file.Add("rows", shape, encoder.Table);
        file.Add("first_moments", shape, encoder.Adam.FirstMoments);
        file.Add("second_moments", shape, encoder.Adam.SecondMoments);
    }

    public void Restore(SafetensorsFile file, long steps)
    {
        TrainingCheckpoint.Copy(file, "rows", encoder.Table);
        TrainingCheckpoint.Copy(file, "first_moments", encoder.Adam.FirstMoments);
        TrainingCheckpoint.Copy(file, "second_moments", encoder.Adam.SecondMoments);
        encoder.Steps = steps;
    }
}
