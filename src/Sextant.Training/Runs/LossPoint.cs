namespace Sextant.Training.Runs;

/// <summary>A point of the loss curve.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Loss">The loss, averaged over the last batches.</param>
public sealed record LossPoint(long Step, double Loss);
