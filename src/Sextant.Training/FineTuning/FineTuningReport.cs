namespace Sextant.Training.FineTuning;

/// <summary>What came of a fine-tuning run.</summary>
/// <param name="TrainingPairs">Pairs trained on.</param>
/// <param name="Before">The base model on the held-out pairs.</param>
/// <param name="After">The new model on the same pairs.</param>
/// <param name="Loss">The loss at the end, smoothed.</param>
/// <param name="PairsPerSecond">Speed of training alone.</param>
public sealed record FineTuningReport(
    int TrainingPairs, ValidationScores Before, ValidationScores After, double Loss, double PairsPerSecond);
