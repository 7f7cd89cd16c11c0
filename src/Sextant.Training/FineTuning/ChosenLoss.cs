using System.Globalization;
using Sextant.Training.Data;
using Sextant.Training.Losses;

namespace Sextant.Training.FineTuning;

/// <summary>The loss that the options and the data come to.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Name">What it is called in a card.</param>
/// <param name="Matryoshka">The lengths that vectors are trained to be cut to; empty for none.</param>
/// <param name="InBatchNegatives">Whether the other pairs of a batch are negatives, so that a text should stand in it once.</param>
internal sealed record ChosenLoss(IEmbeddingLoss Loss, string Name, IReadOnlyList<int> Matryoshka, bool InBatchNegatives)
{
    /// <summary>What of the data the loss does not use, as a sentence; <see langword="null"/> when it uses all.</summary>
    public string? Unused { get; private init; }

    /// <exception cref="InputException">The data lacks what the loss needs.</exception>
    public static ChosenLoss Of(FineTuningData data, FineTuningOptions options, int dimensions, IReadOnlyList<int> usual)
    {
        TrainingPair[] pairs = [.. data.Sources.SelectMany(static source => source.Pairs)];
        bool scored = Array.TrueForAll(pairs, static pair => !float.IsNaN(pair.Score));
        bool triplets = options.Mining is not null || Array.TrueForAll(pairs, static pair => pair.Negatives is not null);
        bool anyNegatives = Array.Exists(pairs, static pair => pair.Negatives is not null);
        int scores = pairs.Count(static pair => !float.IsNaN(pair.Score));
        if (options.Loss is TrainingLoss.Automatic && scored && anyNegatives)
        {
            throw new InputException(
                "the rows have both scores and negatives, and no loss uses both; choose cosent for the scores, or mnrl, infonce or triplet for the negatives");
        }

        TrainingLoss choice = options.Loss is TrainingLoss.Automatic
            ? scored ? TrainingLoss.CoSent : TrainingLoss.MultipleNegatives
            : options.Loss;
        if (choice is TrainingLoss.CoSent && !scored)
        {
            throw new InputException("this loss needs a score in every row; name the column 'score'");
        }

        if (choice is TrainingLoss.InfoNce or TrainingLoss.Triplet && !triplets)
        {
            throw new InputException("this loss needs a negative in every row; name the column 'negative', or find some with --mine-negatives");
        }

        if (choice is TrainingLoss.Triplet && options.Temperature is not null)
        {
            throw new InputException("the triplet loss has no temperature; leave it out, or choose another loss");
        }

        float temperature = options.Temperature ?? (choice is TrainingLoss.InfoNce ? 0.07f : 0.05f);
        (IEmbeddingLoss loss, string name) = choice switch
        {
            TrainingLoss.CoSent => ((IEmbeddingLoss)new CoSentLoss(1 / temperature), "CoSENT"),
            TrainingLoss.InfoNce => (new InfoNceLoss(temperature), "InfoNCE"),
            TrainingLoss.Triplet => (new TripletLoss(), "triplet, margin 0.2"),
            _ => (new MultipleNegativesRankingLoss(1 / temperature), "multiple negatives ranking"),
        };
        if (choice is not TrainingLoss.Triplet)
        {
            name += string.Create(CultureInfo.InvariantCulture, $", temperature {temperature}");
        }

        // What the base can be cut to, its successor can be cut to as well.
        int[] lengths = [.. (options.Matryoshka ?? usual).Distinct().OrderDescending()];
        if (options.Matryoshka is not null && lengths[0] > dimensions)
        {
            throw new InputException($"--matryoshka {lengths[0]}: the model's vectors have {dimensions} dimensions");
        }

        lengths = [.. lengths.Where(length => length <= dimensions)];
        if (lengths.Length > 0 && lengths[0] < dimensions)
        {
            lengths = [dimensions, .. lengths];
        }

        string? unused = choice is TrainingLoss.CoSent
            ? anyNegatives ? "the negatives are not used: this loss learns from the scores alone" : null
            : scores > 0 ? string.Create(CultureInfo.InvariantCulture, $"the scores of {scores:N0} pairs are not used: every pair counts as texts that belong together") : null;
        return new(lengths.Length > 0 ? new MatryoshkaLoss(loss, lengths) : loss, name, lengths, choice is TrainingLoss.MultipleNegatives)
        {
            Unused = unused,
        };
    }
}
