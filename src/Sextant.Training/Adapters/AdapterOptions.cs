using Sextant.Training.FineTuning;

namespace Sextant.Training.Adapters;

/// <summary>What decides the result of training an adapter. The usual learning rate is 0.001.</summary>
public sealed record AdapterOptions : FineTuningOptions
{
    /// <summary>Creates the defaults.</summary>
    public AdapterOptions() { }

    /// <summary>Takes over the settings of a run of any kind.</summary>
    /// <param name="options">The settings.</param>
    public AdapterOptions(FineTuningOptions options)
        : base(options) { }

    /// <summary>The kind of adapter.</summary>
    public AdapterKind Kind { get; init; } = AdapterKind.Linear;

    /// <summary>Whether documents keep the model's own vectors, so that nothing has to be embedded again.</summary>
    public bool QueriesOnly { get; init; }
}
