using Sextant.Training.Runs;

namespace Sextant.Training.Tests;

/// <summary>Kills a run at a step: an exception gives it no chance to write a last checkpoint, as a process that dies has none.</summary>
internal sealed class KillAtStep(int step) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Step == step)
        {
            throw new OperationCanceledException("killed");
        }
    }
}
