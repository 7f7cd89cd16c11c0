using Sextant.Training.Runs;

namespace Sextant.Training.FineTuning;

/// <summary>What decides the result of a fine-tuning run.</summary>
public sealed record FineTuningOptions
{
    /// <summary>Passes over the pairs, at least 1.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Pairs in a batch, at least 2. Larger batches hold more negatives.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Steps in which the learning rate is reached.</summary>
    public int Warmup { get; init; } = 100;

    /// <summary>The highest learning rate, more than 0.</summary>
    public float LearningRate { get; init; } = 0.01f;

    /// <summary>How the learning rate falls.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>What is made small.</summary>
    public TrainingLoss Loss { get; init; } = TrainingLoss.Automatic;

    /// <summary>The part of the pairs that is held out to measure with, from 0 up to 1; never more than 1,000 pairs.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Tokens of a text beyond these are not trained on.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Decides the split and every other random choice.</summary>
    public ulong Seed { get; init; } = 42;

    internal void Check()
    {
        Require(Epochs >= 1, "epochs must be at least 1");
        Require(Batch >= 2, "a batch needs at least 2 pairs");
        Require(Warmup >= 0, "warm-up steps cannot be negative");
        Require(LearningRate > 0 && float.IsFinite(LearningRate), "the learning rate must be more than 0");
        Require(ValidationFraction is >= 0 and < 1, "the validation fraction must be from 0 up to 1");
        Require(MaxTokens >= 1, "at least one token of a text is needed");

        static void Require(bool condition, string problem)
        {
            if (!condition)
            {
                throw new InputException(problem);
            }
        }
    }
}
