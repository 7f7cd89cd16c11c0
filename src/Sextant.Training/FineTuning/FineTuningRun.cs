using System.Globalization;
using System.Text;
using Sextant.Training.Data;
using Sextant.Training.Mining;
using Sextant.Training.Runs;

namespace Sextant.Training.FineTuning;

/// <summary>
/// One fine-tuning, the same for every kind of encoder: measure, mine, train with checkpoints, stop early where that was asked for,
/// measure again. The caller writes the new model's folder.
/// </summary>
internal sealed class FineTuningRun
{
    private double _best = double.NegativeInfinity;

    public required ITrainedEncoder Encoder { get; init; }

    public required FineTuningData Data { get; init; }

    public required ChosenLoss Loss { get; init; }

    public required FineTuningOptions Options { get; init; }

    /// <summary>The learning rate that suits this kind of encoder.</summary>
    public required float UsualRate { get; init; }

    /// <summary>The new model's folder.</summary>
    public required string Output { get; init; }

    /// <summary>Names the base model.</summary>
    public required string Model { get; init; }

    private string CheckpointPath => Path.Combine(Output, "checkpoint.safetensors");

    private string BestPath => Path.Combine(Output, "best.safetensors");

    /// <summary>Trains, and writes the folder: the model by <paramref name="save"/>, and its card.</summary>
    public FineTuningReport Train(Action save, Func<FineTuningReport, string> card, CancellationToken cancellationToken)
    {
        var validation = new Validation(Data.Validation);
        ValidationScores before = validation.Measure(Encoder, out double[] ranksBefore);
        Options.Run.Log(
            Invariant($"{Data.TrainingPairs:N0} pairs to train on with {Data.GivenNegatives:N0} negatives, ")
                + Invariant($"{before.Pairs:N0} held out; before: {before}")
        );
        if (Loss.Unused is { } unused)
        {
            Options.Run.Warn(unused);
        }

        if (Data.LeftOut > 0)
        {
            Options.Run.Log(Invariant($"{Data.LeftOut:N0} pairs skipped, because their anchor is in the evaluation file"));
        }

        if (Options.Patience > 0 && before.Pairs == 0)
        {
            throw new InputException("early stopping needs held-out pairs; hold out a share, or name a file of pairs");
        }

        string fingerprint = Data.Fingerprint(Model, Options.Describe(Loss));
        MinedNegatives mined = Mine(cancellationToken);
        Directory.CreateDirectory(Output);
        var history = new TrainingHistory();
        var checkpoint = new TrainingCheckpoint(CheckpointPath, fingerprint, Math.Max(1, Options.Run.CheckpointSteps));
        if (Options.Run.Resume && checkpoint.TryRestore(Encoder, history))
        {
            Options.Run.Log(Invariant($"resumed after step {Encoder.Steps}"));
        }

        _best = history.Epochs.Count == 0 ? double.NegativeInfinity : history.Epochs.Max(static epoch => epoch.Scores.Decisive);
        var best = new TrainingCheckpoint(BestPath, fingerprint, 1);
        TrainingLoop loop = Loop(validation, mined, history, checkpoint, best);
        double speed = loop.Run(cancellationToken);
        int kept = KeepBest(history, best);
        EpochResult last = history.Epochs[kept - 1];
        var report = new FineTuningReport(Data.TrainingPairs, before, last.Scores, last.Loss, speed)
        {
            Losses = history.Losses,
            Epochs = history.Epochs,
            KeptEpoch = kept,
            WarmupSteps = loop.Schedule.WarmupSteps,
        };
        ValidationScores after = validation.Measure(Encoder, out double[] ranksAfter);
        if (ScoreDifference.Between(before, after, ranksBefore, ranksAfter).Warning is { } warning)
        {
            Options.Run.Warn(warning);
        }

        save();
        AtomicFile.Write(Path.Combine(Output, "README.md"), stream => stream.Write(Encoding.UTF8.GetBytes(card(report))));
        checkpoint.Delete();
        best.Delete();
        return report;
    }

    private MinedNegatives Mine(CancellationToken cancellationToken)
    {
        if (Options.Mining is null)
        {
            return MinedNegatives.None;
        }

        (MinedNegatives mined, int random) = NegativeMiner.Mine(Data.Sources, Encoder, Options.Mining, Options.Seed, cancellationToken);
        Options.Run.Log(Invariant($"{mined.Texts.Count - random:N0} hard negatives mined, {random:N0} filled with random texts"));
        return mined;
    }

    private TrainingLoop Loop(
        Validation validation,
        MinedNegatives mined,
        TrainingHistory history,
        TrainingCheckpoint checkpoint,
        TrainingCheckpoint best
    )
    {
        var sampler = new BatchSampler(
            Data.Sources,
            Options.Batch,
            Options.Seed,
            distinct: Loss.Loss.UsesInBatchNegatives && !Options.AllowDuplicates
        );
        long steps = TrainingLoop.StepsPerPass(sampler, Options.Accumulation) * Options.Epochs;
        return new TrainingLoop
        {
            Encoder = Encoder,
            Loss = Loss.Loss,
            Sampler = sampler,
            Mined = mined,
            Schedule = new TrainingSchedule(Options.LearningRate ?? UsualRate, Options.WarmupOf(steps), steps, Options.Decay),
            Passes = Options.Epochs,
            Seed = Options.Seed,
            Accumulation = Options.Accumulation,
            History = history,
            Checkpoint = Options.Run.CheckpointSteps > 0 ? checkpoint : null,
            MaxDegreeOfParallelism = Options.Run.MaxDegreeOfParallelism,
            Progress = Options.Run.Progress,
            AfterPass = (pass, loss) =>
            {
                var result = new EpochResult(pass + 1, Encoder.Steps, loss, validation.Measure(Encoder));
                history.Epochs.Add(result);
                Options.Run.Log(Invariant($"epoch {pass + 1} of {Options.Epochs}: loss {loss:F4}; {result.Scores}"));
                Options.Run.EpochProgress?.Report(result);
                return Options.Patience == 0 || Goes(result, history, best);
            },
        };
    }

    /// <summary>Keeps the weights of the best pass, and says whether there is still hope.</summary>
    private bool Goes(EpochResult result, TrainingHistory history, TrainingCheckpoint best)
    {
        if (result.Scores.Decisive > _best)
        {
            _best = result.Scores.Decisive;
            best.Save(Encoder, history);
        }

        return result.Epoch - BestEpoch(history) < Options.Patience;
    }

    private int KeepBest(TrainingHistory history, TrainingCheckpoint best)
    {
        if (Options.Patience == 0 || BestEpoch(history) == history.Epochs.Count)
        {
            return history.Epochs.Count;
        }

        return best.TryRestore(Encoder, new TrainingHistory())
            ? BestEpoch(history)
            : throw new SextantException($"{BestPath}: the weights of the best epoch are missing; start again without resuming")
            {
                RelatedOptions = [nameof(TrainingRunOptions.Resume)],
            };
    }

    private static int BestEpoch(TrainingHistory history) =>
        history.Epochs.MaxBy(static epoch => (epoch.Scores.Decisive, -epoch.Epoch))!.Epoch;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
