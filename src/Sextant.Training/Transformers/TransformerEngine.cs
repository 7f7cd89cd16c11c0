namespace Sextant.Training.Transformers;

/// <summary>An engine that runs and trains a transformer, such as Sextant.Training.Torch.</summary>
public sealed class TransformerEngine
{
    /// <summary>Makes an encoder.</summary>
    public required Func<TransformerStart, ITransformerEncoder> CreateEncoder { get; init; }

    /// <summary>The learning rate where the options name none.</summary>
    public required float LearningRate { get; init; }

    /// <summary>The length that gradients are clipped to where the options name none; 0 for none.</summary>
    public required float MaxGradientNorm { get; init; }

    /// <summary>The trained parameters for the card, such as "changes of rank 8"; empty for all weights.</summary>
    public string Method { get; init; } = "";
}
