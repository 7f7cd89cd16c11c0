using System.Globalization;
using Sextant.Training.Data;
using Sextant.Training.Losses;
using Sextant.Training.Numerics;

namespace Sextant.Training.Runs;

/// <summary>
/// Runs an encoder over its data: sample, embed, ask the loss for gradients, take them back. Every random decision comes from
/// (seed, pass) or (seed, step), so a run that is taken up from a checkpoint ends with the very weights of one that never stopped.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly TimeProvider _time;
    private long _started;
    private long _pairs;
    private long _firstStep;

    public TrainingLoop(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    public required ITrainedEncoder Encoder { get; init; }

    public required IEmbeddingLoss Loss { get; init; }

    public required BatchSampler Sampler { get; init; }

    public MinedNegatives Mined { get; init; } = MinedNegatives.None;

    public required TrainingSchedule Schedule { get; init; }

    public required int Passes { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Batches to a step.</summary>
    public int Accumulation { get; init; } = 1;

    public TrainingHistory History { get; init; } = new();

    /// <summary>Where and how often progress is kept; <see langword="null"/> for never.</summary>
    public TrainingCheckpoint? Checkpoint { get; init; }

    public int MaxDegreeOfParallelism { get; init; } = -1;

    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Called after each epoch; returns whether to continue.</summary>
    public Func<int, double, bool> AfterPass { get; init; } = static (_, _) => true;

    /// <summary>How many steps a pass has.</summary>
    public static long StepsPerPass(BatchSampler sampler, int accumulation) => (sampler.BatchesPerPass + accumulation - 1) / accumulation;

    /// <summary>Runs to the end, from wherever the encoder's step count stands.</summary>
    /// <returns>Pairs a second.</returns>
    /// <exception cref="SextantException">The loss is no longer a number.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two steps, after a checkpoint.</exception>
    public double Run(CancellationToken cancellationToken)
    {
        // A step is short, and stopping within one would leave some rows changed and others not.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxDegreeOfParallelism };
        (_started, _firstStep) = (_time.GetTimestamp(), Encoder.Steps);
        long step = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            foreach (TrainingPair[][] batches in Sampler.Pass(pass).Chunk(Accumulation))
            {
                if (++step <= _firstStep)
                {
                    continue;
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    Checkpoint?.Save(Encoder, History);
                    cancellationToken.ThrowIfCancellationRequested();
                }

                Step(batches, parallel);
                Report(pass, batches.Sum(static batch => batch.Length));
                Checkpoint?.AfterStep(Encoder, History);
            }

            // A pass that a resumed run had measured already is not measured again.
            if (History.Passes <= pass)
            {
                History.Passes = pass + 1;
                if (!AfterPass(pass, History.Loss))
                {
                    break;
                }

                if (pass + 1 < Passes)
                {
                    Checkpoint?.Save(Encoder, History);
                }
            }
        }

        return PairsPerSecond;
    }

    private double PairsPerSecond => _pairs / Math.Max(1e-9, _time.GetElapsedTime(_started).TotalSeconds);

    private void Step(TrainingPair[][] batches, ParallelOptions parallel)
    {
        var batch = new StepBatch(batches, Mined);
        var random = new SeededRandom(SeededRandom.Derive(Seed, (ulong)Encoder.Steps, 3));
        EmbeddingMatrix embeddings = Encoder.Forward(batch.Texts, batch.Anchors, random, parallel);
        var gradients = new EmbeddingMatrix(embeddings.Rows, embeddings.Columns);
        double loss = batch.Loss(Loss, embeddings, gradients, parallel);
        if (!double.IsFinite(loss))
        {
            string rest = Checkpoint is not null && File.Exists(Checkpoint.Path) ? $"; {Checkpoint.Path} has the last good weights" : "";
            throw new SextantException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the loss is {loss} at step {Encoder.Steps + 1}: use a lower learning rate, or clip the gradient to a length of "
                        + $"1{rest}"
                )
            )
            {
                RelatedOptions = [nameof(FineTuning.FineTuningOptions.LearningRate), nameof(FineTuning.FineTuningOptions.MaxGradientNorm)],
            };
        }

        Encoder.Backward(gradients, Schedule.RateAt(Encoder.Steps + 1), parallel);
        History.Add(Encoder.Steps, Schedule.TotalSteps, loss);
    }

    private void Report(int pass, int pairs)
    {
        _pairs += pairs;
        if (Progress is not null)
        {
            TimeSpan elapsed = _time.GetElapsedTime(_started);
            long done = Encoder.Steps - _firstStep;
            Progress.Report(
                new TrainingProgress(
                    Encoder.Steps,
                    Schedule.TotalSteps,
                    pass + 1,
                    History.Loss,
                    PairsPerSecond,
                    elapsed * (Math.Max(0, Schedule.TotalSteps - Encoder.Steps) / (double)Math.Max(1, done))
                )
            );
        }
    }
}
