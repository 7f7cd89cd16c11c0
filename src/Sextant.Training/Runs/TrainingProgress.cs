namespace Sextant.Training.Runs;

/// <summary>How far a run has come.</summary>
/// <param name="Step">Batches done.</param>
/// <param name="TotalSteps">Batches in all.</param>
/// <param name="Pass">The epoch, from 1.</param>
/// <param name="Loss">The loss, averaged over the last batches.</param>
/// <param name="PairsPerSecond">Speed since the run, or its resumption, began.</param>
/// <param name="TimeLeft">At this speed.</param>
public readonly record struct TrainingProgress(long Step, long TotalSteps, int Pass, double Loss, double PairsPerSecond, TimeSpan TimeLeft);
