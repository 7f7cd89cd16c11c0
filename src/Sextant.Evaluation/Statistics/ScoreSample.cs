using System.Text.Json.Serialization;
using Sextant.Evaluation.Metrics;

namespace Sextant.Evaluation.Statistics;

/// <summary>How a score comes of the items that it was measured on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreStatistic>))]
public enum ScoreStatistic
{
    /// <summary>The mean of what each item scored.</summary>
    Mean = 0,

    /// <summary>Spearman's correlation of predictions and gold values.</summary>
    Spearman = 1,

    /// <summary>Average precision of the predictions; gold values above 0 are positive.</summary>
    AveragePrecision = 2,
}

/// <summary>The items that a score was measured on, kept to estimate its uncertainty.</summary>
/// <param name="Statistic">The statistic that computes the score.</param>
/// <param name="Found">The model's output for each item: its score, or a similarity.</param>
/// <param name="Right">The human judgment of each item; empty if <paramref name="Found"/> is already a score.</param>
public sealed record ScoreSample(ScoreStatistic Statistic, IReadOnlyList<double> Found, IReadOnlyList<double> Right)
{
    /// <summary>The score of all items.</summary>
    [JsonIgnore]
    public double Value =>
        Statistic switch
        {
            ScoreStatistic.Spearman => Correlation.Spearman([.. Found], [.. Right]),
            ScoreStatistic.AveragePrecision => BinaryMetrics.AveragePrecision([.. Found], [.. Right.Select(static right => right > 0)]),
            _ => Found.Count == 0 ? double.NaN : Found.Average(),
        };
}
