using Sextant.Training.Data;
using Sextant.Training.Losses;
using Sextant.Training.Numerics;

namespace Sextant.Training.Runs;

/// <summary>
/// The texts of one step: all anchors, all positives, all negatives of one or more batches. The loss is computed for each batch separately,
/// but the encoder processes all texts at once, so accumulation costs it nothing.
/// </summary>
internal sealed class StepBatch
{
    private readonly List<int> _texts = [];
    private readonly List<(TrainingPair[] Pairs, int[] NegativeCounts)> _batches = [];

    public StepBatch(IReadOnlyList<TrainingPair[]> batches, MinedNegatives mined)
    {
        Anchors = batches.Sum(static batch => batch.Length);
        _texts.AddRange(batches.SelectMany(static batch => batch).Select(static pair => pair.Anchor));
        _texts.AddRange(batches.SelectMany(static batch => batch).Select(static pair => pair.Positive));
        foreach (TrainingPair[] batch in batches)
        {
            int[] counts = new int[batch.Length];
            for (int i = 0; i < batch.Length; i++)
            {
                int before = _texts.Count;
                _texts.AddRange(mined.Get(batch[i]));
                counts[i] = _texts.Count - before;
            }

            _batches.Add((batch, counts));
        }

        Texts = [.. _texts];
    }

    public int[] Texts { get; }

    /// <summary>How many of the texts, from the first on, are anchors.</summary>
    public int Anchors { get; }

    /// <summary>The mean loss of the batches; fills the gradients, shaped as the embeddings.</summary>
    public double Loss(IEmbeddingLoss loss, EmbeddingMatrix embeddings, EmbeddingMatrix gradients, ParallelOptions parallel)
    {
        double sum = 0;
        int first = 0,
            negative = 2 * Anchors;
        foreach ((TrainingPair[] pairs, int[] counts) in _batches)
        {
            int size = pairs.Length,
                negatives = counts.Sum();
            sum += loss.Compute(
                new EmbeddingBatch
                {
                    Anchors = embeddings.Slice(first, size),
                    Positives = embeddings.Slice(Anchors + first, size),
                    Negatives = negatives > 0 ? embeddings.Slice(negative, negatives) : null,
                    NegativeCounts = counts,
                    Scores = Array.ConvertAll(pairs, static pair => pair.Score),
                    TextIds = (int[])
                        [.. Texts.AsSpan(first, size), .. Texts.AsSpan(Anchors + first, size), .. Texts.AsSpan(negative, negatives)],
                    AnchorGradients = gradients.Slice(first, size),
                    PositiveGradients = gradients.Slice(Anchors + first, size),
                    NegativeGradients = negatives > 0 ? gradients.Slice(negative, negatives) : null,
                },
                1f / _batches.Count,
                parallel
            );
            first += size;
            negative += negatives;
        }

        return sum / _batches.Count;
    }
}
