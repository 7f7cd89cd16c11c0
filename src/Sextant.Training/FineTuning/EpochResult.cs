namespace Sextant.Training.FineTuning;

/// <summary>The result of one epoch.</summary>
/// <param name="Epoch">The pass, from 1.</param>
/// <param name="Step">The steps done by its end.</param>
/// <param name="Loss">The loss at its end, averaged over the last batches.</param>
/// <param name="Scores">The model on the held-out pairs at its end.</param>
public sealed record EpochResult(int Epoch, long Step, double Loss, ValidationScores Scores);
