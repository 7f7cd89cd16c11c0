using System.Text.Json;
using Sextant.Training.Data;
using Sextant.Training.Losses;
using Sextant.Training.Mining;
using Sextant.Training.Runs;

namespace Sextant.Training.FineTuning;

/// <summary>The options that determine the result of a fine-tuning run.</summary>
public record FineTuningOptions
{
    private const int MostUsualWarmup = 100;

    /// <summary>Epochs over the pairs, at least 1.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Pairs in a batch, at least 2. Larger batches hold more negatives.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Batches per step, at least 1. The loss is computed on each batch separately.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Steps in which the learning rate is reached; a tenth of the run, but at most 100, when <see langword="null"/>.</summary>
    public int? Warmup { get; init; }

    /// <summary>
    /// The highest learning rate, more than 0; what suits the kind of model when <see langword="null"/> (0.01 for a static one).
    /// </summary>
    public float? LearningRate { get; init; }

    /// <summary>How the learning rate falls.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>A step's gradient is scaled down to this length where it is longer; 0 for never.</summary>
    public float MaxGradientNorm { get; init; }

    /// <summary>
    /// The loss to minimize, built-in or custom. When <see langword="null"/>, <see cref="CoSentLoss"/> for scored pairs and
    /// <see cref="MultipleNegativesSymmetricRankingLoss"/> for all others.
    /// </summary>
    public IEmbeddingLoss? Loss { get; init; }

    /// <summary>
    /// Divides the cosines in the loss that is chosen where <see cref="Loss"/> is <see langword="null"/>, more than 0; 0.05 when
    /// <see langword="null"/>.
    /// </summary>
    public float? Temperature { get; init; }

    /// <summary>Dimensions to train for (Matryoshka); those of the base model when <see langword="null"/>.</summary>
    public IReadOnlyList<int>? Matryoshka { get; init; }

    /// <summary>Whether a text may stand in a batch twice. The losses know it when it does, but it is a wasted place.</summary>
    public bool AllowDuplicates { get; init; }

    /// <summary>Hard negatives to find for every pair before training; none when <see langword="null"/>.</summary>
    public MiningOptions? Mining { get; init; }

    /// <summary>The part of the pairs that is held out to measure with, from 0 up to 1; never more than 1,000 pairs.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Pairs to measure with instead; pairs with the same anchors are left out of training.</summary>
    public PairCollection? Validation { get; init; }

    /// <summary>
    /// After how many passes without a better score on the held-out pairs to stop and keep the best weights; 0 for never.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>Tokens of a text beyond these are not trained on.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>Decides the split and every other random choice.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>How the run is carried out: threads, checkpoints, progress. It does not change the result.</summary>
    public TrainingRunOptions Run { get; init; } = new();

    /// <summary>The warm-up steps of a run of <paramref name="totalSteps"/>.</summary>
    internal long WarmupOf(long totalSteps) => Warmup ?? Math.Min(MostUsualWarmup, totalSteps / 10);

    internal void Check()
    {
        Require(Epochs >= 1, "epochs must be at least 1");
        Require(Batch >= 2, "the batch size must be at least 2");
        Require(Accumulation >= 1, "accumulation must be at least 1");
        Require(Warmup is null or >= 0, "warm-up steps cannot be negative");
        Require(LearningRate is null || (LearningRate > 0 && float.IsFinite(LearningRate.Value)), "the learning rate must be more than 0");
        Require(MaxGradientNorm >= 0 && float.IsFinite(MaxGradientNorm), "the gradient clipping norm cannot be negative");
        Require(Loss is null || Temperature is null, "a custom loss has its own temperature; do not set one");
        Require(Temperature is null || (Temperature > 0 && float.IsFinite(Temperature.Value)), "the temperature must be more than 0");
        Require(
            Matryoshka is null || (Matryoshka.Count > 0 && Matryoshka.All(static d => d >= 1)),
            "Matryoshka dimensions must be at least 1"
        );
        Require(ValidationFraction is >= 0 and < 1, "the validation fraction must be from 0 to below 1");
        Require(Patience >= 0, "patience cannot be negative");
        Require(MaxTokens >= 1, "maximum tokens must be at least 1");
        Mining?.Check();

        static void Require(bool condition, string problem)
        {
            if (!condition)
            {
                throw new InputException(problem);
            }
        }
    }

    /// <summary>Everything that decides the result, as one line, for telling runs apart.</summary>
    /// <param name="loss">The loss that the run uses.</param>
    internal string Describe(ChosenLoss loss) =>
        JsonSerializer.Serialize(
            new
            {
                Epochs,
                Batch,
                Accumulation,
                Warmup,
                LearningRate,
                Decay,
                MaxGradientNorm,
                Loss = loss.Name,
                loss.Matryoshka,
                AllowDuplicates,
                Mining,
                ValidationFraction,
                Validation = Validation?.Names,
                Patience,
                MaxTokens,
                Seed,
            }
        );
}
