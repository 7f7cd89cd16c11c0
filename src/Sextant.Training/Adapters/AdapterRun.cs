using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Training.Losses;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.Adapters;

/// <summary>One training of a map over vectors that are all there already.</summary>
internal sealed class AdapterRun(
    float[][] queries, float[][] documents, bool queriesOnly, FineTuningOptions options, int dimensions)
{
    private readonly MultipleNegativesRankingLoss _loss = new();

    public AdapterEncoder Encoder { get; } = new(dimensions);

    public double PairsPerSecond { get; private set; }

    /// <summary>Runs all epochs and returns the loss at the end, smoothed.</summary>
    public double Train(IReadOnlyList<PairSource> sources, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        var sampler = new BatchSampler(sources, options.Batch, options.Seed);
        var schedule = new TrainingSchedule(
            options.LearningRate, options.Warmup, (long)sampler.BatchesPerPass * options.Epochs, options.Decay);
        long started = TimeProvider.System.GetTimestamp(), step = 0, pairs = 0;
        double smoothed = double.NaN;
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            foreach (TrainingPair[] batch in sampler.Pass(epoch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                double loss = Step(batch, schedule.RateAt(++step), parallel);
                smoothed = double.IsNaN(smoothed) ? loss : (smoothed * 0.98) + (loss * 0.02);
                pairs += batch.Length;
            }
        }

        PairsPerSecond = pairs / Math.Max(1e-9, TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        return smoothed;
    }

    /// <summary>Measures the map as it stands.</summary>
    public ValidationScores Measure(IReadOnlyList<TrainingPair> pairs)
    {
        var adapter = new LinearAdapter(Encoder.Weight, dimensions, queriesOnly, "");
        int[] texts = [.. pairs.Select(static pair => pair.Positive).Distinct()];
        var corpus = texts.ToDictionary(
            static text => text, text => queriesOnly ? documents[text] : adapter.Apply(documents[text]));
        return Validation.Rank(
            [.. pairs.Select(pair => adapter.Apply(queries[pair.Anchor]))], [.. texts.Select(text => corpus[text])],
            [.. pairs.Select(pair => Array.IndexOf(texts, pair.Positive))]);
    }

    private double Step(TrainingPair[] batch, float rate, ParallelOptions parallel)
    {
        int size = batch.Length, mapped = queriesOnly ? size : 2 * size;
        float[] inputs = new float[2 * size * dimensions];
        for (int i = 0; i < size; i++)
        {
            queries[batch[i].Anchor].CopyTo(inputs, i * dimensions);
            documents[batch[i].Positive].CopyTo(inputs, (size + i) * dimensions);
        }

        EmbeddingMatrix outputs = Encoder.Forward(inputs, 2 * size, parallel);
        for (int i = mapped; i < 2 * size; i++)
        {
            inputs.AsSpan(i * dimensions, dimensions).CopyTo(outputs[i]);
        }

        var gradients = new EmbeddingMatrix(2 * size, dimensions);
        double loss = _loss.Compute(
            new EmbeddingBatch
            {
                Anchors = outputs.Slice(0, size),
                Positives = outputs.Slice(size, size),
                AnchorGradients = gradients.Slice(0, size),
                PositiveGradients = gradients.Slice(size, size),
                TextIds = (int[])[.. batch.Select(static pair => pair.Anchor), .. batch.Select(static pair => pair.Positive)],
            },
            1, parallel);
        if (!double.IsFinite(loss))
        {
            throw new SextantException($"the loss became {loss}: use a lower learning rate");
        }

        float[] flat = new float[mapped * dimensions];
        for (int i = 0; i < mapped; i++)
        {
            gradients[i].CopyTo(flat.AsSpan(i * dimensions, dimensions));
        }

        Encoder.Backward(inputs, flat, mapped, rate, parallel);
        return loss;
    }
}
