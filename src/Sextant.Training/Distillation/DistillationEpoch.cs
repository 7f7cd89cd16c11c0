namespace Sextant.Training.Distillation;

/// <summary>The result of one epoch over the corpus.</summary>
/// <param name="Epoch">The pass, from 1.</param>
/// <param name="Loss">The loss at its end, averaged over the last batches.</param>
/// <param name="Scores">The student on held-out texts at its end; <see langword="null"/> without any.</param>
public sealed record DistillationEpoch(int Epoch, double Loss, DistillationScores? Scores);
