namespace Sextant.Training.Runs;

/// <summary>How a run is carried out; nothing here changes what comes of it.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>How many threads work at most; −1 for all cores.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Steps between checkpoints; 0 for none.</summary>
    public int CheckpointSteps { get; init; } = 500;

    /// <summary>Whether to resume from the checkpoint in the output folder, if one exists.</summary>
    public bool Resume { get; init; }

    /// <summary>Receives a report after each step.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Receives how many texts are embedded, where a run begins with embedding its texts.</summary>
    public IProgress<EmbeddedTexts>? EmbeddingProgress { get; init; }

    /// <summary>Receives a report after each epoch.</summary>
    public IProgress<FineTuning.EpochResult>? EpochProgress { get; init; }

    /// <summary>Receives what a user should know without asking, such as data that the loss does not use, a line at a time.</summary>
    public Action<string> Warn { get; init; } = static _ => { };

    /// <summary>Receives the result of every pass of a distillation.</summary>
    public IProgress<Distillation.DistillationEpoch>? DistillationProgress { get; init; }

    /// <summary>Receives log messages, one line each.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
