using System.Globalization;

namespace Sextant.Training.FineTuning;

/// <summary>How well a model does on pairs that it was not trained on. Each is from 0 to 1, higher is better; Spearman from −1.</summary>
public sealed record ValidationScores
{
    /// <summary>How many pairs were held out.</summary>
    public required int Pairs { get; init; }

    /// <summary>How often an anchor's own positive is the nearest of all held-out positives.</summary>
    public double RecallAt1 { get; init; }

    /// <summary>How often it is among the nearest ten.</summary>
    public double RecallAt10 { get; init; }

    /// <summary>The mean of 1 / its rank.</summary>
    public double MeanReciprocalRank { get; init; }

    /// <summary>For scored pairs, Spearman's correlation of cosines and scores.</summary>
    public double? Spearman { get; init; }

    /// <summary>The score that compares two models: the correlation if available, else the mean of 1 / rank.</summary>
    internal double Decisive => Spearman ?? MeanReciprocalRank;

    /// <summary>The scores on one line.</summary>
    public override string ToString() =>
        Spearman is { } correlation
            ? string.Create(CultureInfo.InvariantCulture, $"Spearman {correlation:F4}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"recall@1 {RecallAt1:F4}, recall@10 {RecallAt10:F4}, MRR {MeanReciprocalRank:F4}"
            );
}
