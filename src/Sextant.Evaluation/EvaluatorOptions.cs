namespace Sextant.Evaluation;

/// <summary>How a measurement is run.</summary>
public sealed record EvaluatorOptions
{
    /// <summary>How vectors are kept; there is a result for each. Lengths beyond the model's own are left out.</summary>
    /// <value>The model's own length, exact.</value>
    public IReadOnlyList<VectorShape> Shapes { get; init; } = [new VectorShape()];

    /// <summary>Where results are kept and found again; nowhere when <see langword="null"/>.</summary>
    public ResultStore? Store { get; init; }

    /// <summary>Hears how many texts of the task are embedded, and how many there are.</summary>
    public IProgress<(long Done, long Total)>? Progress { get; init; }

    /// <summary>Dates the results.</summary>
    /// <value>The system's clock.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
