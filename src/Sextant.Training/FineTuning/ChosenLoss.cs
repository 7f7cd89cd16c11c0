using System.Globalization;
using Sextant.Training.Data;
using Sextant.Training.Losses;

namespace Sextant.Training.FineTuning;

/// <summary>The loss that the options and the data come to.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Name">The name in a card.</param>
/// <param name="Matryoshka">The lengths that vectors are trained to be cut to; empty for none.</param>
internal sealed record ChosenLoss(IEmbeddingLoss Loss, string Name, IReadOnlyList<int> Matryoshka)
{
    /// <summary>What of the data the loss does not use, as a sentence; <see langword="null"/> when it uses all.</summary>
    public string? Unused { get; private init; }

    /// <exception cref="InputException">The data lacks what the loss needs.</exception>
    public static ChosenLoss Create(FineTuningData data, FineTuningOptions options, int dimensions, IReadOnlyList<int> usual)
    {
        TrainingPair[] pairs = [.. data.Sources.SelectMany(static source => source.Pairs)];
        bool scored = Array.TrueForAll(pairs, static pair => !float.IsNaN(pair.Score));
        bool triplets = options.Mining is not null || Array.TrueForAll(pairs, static pair => pair.Negatives is not null);
        bool anyNegatives = Array.Exists(pairs, static pair => pair.Negatives is not null);
        int scores = pairs.Count(static pair => !float.IsNaN(pair.Score));
        if (options.Loss is null && scored && anyNegatives)
        {
            throw new InputException(
                "the rows have both scores and negatives, and no loss uses both; choose cosent for the scores, or mnrl, infonce or "
                    + "triplet for the negatives"
            )
            {
                RelatedOptions = [nameof(FineTuningOptions.Loss)],
            };
        }

        float scale = 1 / (options.Temperature ?? 0.05f);
        IEmbeddingLoss loss = options.Loss ?? (scored ? new CoSentLoss(scale) : new MultipleNegativesSymmetricRankingLoss(scale));
        if (loss.Needs is LossInputs.Scores && !scored)
        {
            throw new InputException("this loss needs a score in every row; name the column 'score'");
        }

        if (loss.Needs is LossInputs.Negatives && !triplets)
        {
            throw new InputException("this loss needs a negative in every row; name the column 'negative', or mine negatives")
            {
                RelatedOptions = [nameof(FineTuningOptions.Mining)],
            };
        }

        string? unused =
            loss.Needs is LossInputs.Scores
                ? anyNegatives
                    ? "the negatives are unused: this loss uses only the scores"
                    : null
                : scores > 0
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"the scores of {scores:N0} pairs are unused: every pair counts as matching texts"
                    )
                    : null;
        int[] lengths = Lengths(loss, options, dimensions, usual);
        return new(lengths.Length > 0 && loss is not MatryoshkaLoss ? new MatryoshkaLoss(loss, lengths) : loss, loss.Description, lengths)
        {
            Unused = unused,
        };
    }

    /// <summary>The dimensions that the base supports, which the new model also supports.</summary>
    private static int[] Lengths(IEmbeddingLoss loss, FineTuningOptions options, int dimensions, IReadOnlyList<int> usual)
    {
        IReadOnlyList<int>? asked = (loss as MatryoshkaLoss)?.Dimensions ?? options.Matryoshka;
        int[] lengths = [.. (asked ?? usual).Distinct().OrderDescending()];
        if (asked is not null && lengths[0] > dimensions)
        {
            throw new InputException($"vectors cannot be truncated to {lengths[0]} dimensions: the model has {dimensions}")
            {
                RelatedOptions = [nameof(FineTuningOptions.Matryoshka)],
            };
        }

        lengths = [.. lengths.Where(length => length <= dimensions)];
        return loss is not MatryoshkaLoss && lengths.Length > 0 && lengths[0] < dimensions ? [dimensions, .. lengths] : lengths;
    }
}
