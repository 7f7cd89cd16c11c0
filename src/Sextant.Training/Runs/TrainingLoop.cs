using System.Globalization;
using Sextant.Training.Data;
using Sextant.Training.Encoders;
using Sextant.Training.Losses;
using Sextant.Training.Numerics;

namespace Sextant.Training.Runs;

/// <summary>
/// Runs an encoder over its data: sample, embed, ask the loss for gradients, take them back. Every random decision comes from
/// (seed, pass) or (seed, step), so a run that is taken up from a checkpoint ends with the very weights of one that never stopped.
/// </summary>
internal sealed class TrainingLoop
{
    private const double Smoothing = 0.98;

    private readonly TimeProvider _time;
    private long _started;
    private long _pairs;
    private long _firstStep;
    private double _loss = double.NaN;

    public TrainingLoop(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    public required StaticEncoder Encoder { get; init; }

    public required IEmbeddingLoss Loss { get; init; }

    public required BatchSampler Sampler { get; init; }

    /// <summary>The token ids of every text in the pool.</summary>
    public required IReadOnlyList<int[]> Tokens { get; init; }

    public required TrainingSchedule Schedule { get; init; }

    public required int Passes { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Where and how often progress is kept; <see langword="null"/> for never.</summary>
    public TrainingCheckpoint? Checkpoint { get; init; }

    public int MaxDegreeOfParallelism { get; init; } = -1;

    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Called after each pass; returns whether to go on.</summary>
    public Func<int, double, bool> AfterPass { get; init; } = static (_, _) => true;

    /// <summary>Runs to the end, from wherever the encoder's step count stands.</summary>
    /// <returns>Pairs a second.</returns>
    /// <exception cref="SextantException">The loss is no longer a number.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two steps, after a checkpoint.</exception>
    public double Run(CancellationToken cancellationToken)
    {
        // A step is milliseconds, and stopping within one would leave some rows changed and others not.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxDegreeOfParallelism };
        (_started, _firstStep) = (_time.GetTimestamp(), Encoder.Steps);
        long step = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            IReadOnlyList<TrainingPair[]> batches = Sampler.Pass(pass);
            bool ran = false;
            foreach (TrainingPair[] batch in batches)
            {
                if (++step <= _firstStep)
                {
                    continue;
                }

                ran = true;
                if (cancellationToken.IsCancellationRequested)
                {
                    Checkpoint?.Save(Encoder);
                    cancellationToken.ThrowIfCancellationRequested();
                }

                Step(batch, parallel);
                Report(pass, batch.Length);
                Checkpoint?.AfterStep(Encoder);
            }

            if (ran && !AfterPass(pass, _loss))
            {
                break;
            }
        }

        return PairsPerSecond;
    }

    private double PairsPerSecond => _pairs / Math.Max(1e-9, _time.GetElapsedTime(_started).TotalSeconds);

    private void Step(TrainingPair[] pairs, ParallelOptions parallel)
    {
        int[] textIds = TextsOf(pairs);
        var texts = new TokenBatch();
        foreach (int id in textIds)
        {
            texts.Add(Tokens[id]);
        }

        var random = new SeededRandom(SeededRandom.Derive(Seed, (ulong)Encoder.Steps, 3));
        EmbeddingMatrix embeddings = Encoder.Forward(texts, random, parallel);
        var gradients = new EmbeddingMatrix(embeddings.Rows, embeddings.Columns);
        int size = pairs.Length, negatives = textIds.Length - (2 * size);
        var batch = new EmbeddingBatch
        {
            Anchors = embeddings.Slice(0, size),
            Positives = embeddings.Slice(size, size),
            Negatives = negatives > 0 ? embeddings.Slice(2 * size, negatives) : null,
            Scores = Array.ConvertAll(pairs, static pair => pair.Score),
            TextIds = textIds,
            AnchorGradients = gradients.Slice(0, size),
            PositiveGradients = gradients.Slice(size, size),
            NegativeGradients = negatives > 0 ? gradients.Slice(2 * size, negatives) : null,
        };
        double loss = Loss.Compute(batch, 1, parallel);
        if (!double.IsFinite(loss))
        {
            throw new SextantException(string.Create(CultureInfo.InvariantCulture,
                $"the loss became {loss} at step {Encoder.Steps + 1}; the weights of the last checkpoint are untouched: use a lower learning rate"));
        }

        Encoder.Backward(gradients, Schedule.RateAt(Encoder.Steps + 1), parallel);
        _loss = double.IsNaN(_loss) ? loss : (_loss * Smoothing) + (loss * (1 - Smoothing));
    }

    /// <summary>All anchors, all positives, and, where every pair has one, all negatives.</summary>
    private static int[] TextsOf(TrainingPair[] pairs)
    {
        IEnumerable<int> texts = pairs.Select(static pair => pair.Anchor).Concat(pairs.Select(static pair => pair.Positive));
        return Array.TrueForAll(pairs, static pair => pair.Negative >= 0)
            ? [.. texts, .. pairs.Select(static pair => pair.Negative)]
            : [.. texts];
    }

    private void Report(int pass, int pairs)
    {
        _pairs += pairs;
        if (Progress is not null)
        {
            TimeSpan elapsed = _time.GetElapsedTime(_started);
            long done = Encoder.Steps - _firstStep;
            Progress.Report(new TrainingProgress(
                Encoder.Steps, Schedule.TotalSteps, pass + 1, _loss, PairsPerSecond,
                elapsed * (Math.Max(0, Schedule.TotalSteps - Encoder.Steps) / (double)Math.Max(1, done))));
        }
    }
}
