using Sextant.Training.FineTuning;

namespace Sextant.Training.Torch;

/// <summary>
/// What decides the result of training a transformer. The usual learning rate is 0.00002, or 0.0005 with <see cref="LoraRank"/>; gradients
/// are
/// clipped to 1 unless <see cref="FineTuningOptions.MaxGradientNorm"/> says otherwise.
/// </summary>
public sealed record TransformerOptions : FineTuningOptions
{
    /// <summary>Creates the defaults.</summary>
    public TransformerOptions() { }

    /// <summary>Takes over the settings of a run of any kind.</summary>
    /// <param name="options">The settings.</param>
    public TransformerOptions(FineTuningOptions options)
        : base(options) { }

    /// <summary>The rank of the changes to the attention's maps (LoRA); 0 trains all weights.</summary>
    public int LoraRank { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The most tokens, padding included, that go through at once; by the encoder's size when <see langword="null"/>.</summary>
    public long? SliceTokens { get; init; }
}
