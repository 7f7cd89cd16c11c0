using Sextant.Training.Runs;

namespace Sextant.Training.FineTuning;

/// <summary>The result of a fine-tuning run.</summary>
/// <param name="TrainingPairs">Pairs trained on.</param>
/// <param name="Before">The base model on the held-out pairs.</param>
/// <param name="After">The new model on the same pairs.</param>
/// <param name="Loss">The loss at the end, averaged over the last batches.</param>
/// <param name="PairsPerSecond">Speed of training alone.</param>
public sealed record FineTuningReport(
    int TrainingPairs,
    ValidationScores Before,
    ValidationScores After,
    double Loss,
    double PairsPerSecond
)
{
    /// <summary>The loss, step by step.</summary>
    public IReadOnlyList<LossPoint> Losses { get; init; } = [];

    /// <summary>The result of each epoch.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; init; } = [];

    /// <summary>The pass whose weights were kept, from 1: the last one, or the best where patience was asked for.</summary>
    public int KeptEpoch { get; init; }

    /// <summary>The steps in which the learning rate was reached.</summary>
    public long WarmupSteps { get; init; }
}
