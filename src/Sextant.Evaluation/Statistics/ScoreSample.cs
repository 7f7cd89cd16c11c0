using System.Text.Json.Serialization;
using Sextant.Evaluation.Metrics;

namespace Sextant.Evaluation.Statistics;

/// <summary>How a score comes of the items that it was measured on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreStatistic>))]
public enum ScoreStatistic
{
    /// <summary>The mean of what each item scored.</summary>
    Mean = 0,

    /// <summary>Spearman's correlation of what was found with what is right.</summary>
    Spearman = 1,

    /// <summary>Average precision of what was found, where right is above 0.</summary>
    AveragePrecision = 2,
}

/// <summary>The items that a score was measured on, kept so that its uncertainty can be told.</summary>
/// <param name="Statistic">How the score comes of them.</param>
/// <param name="Found">What the model gave for each item: its score, or a similarity.</param>
/// <param name="Right">What people say of each item; empty where <paramref name="Found"/> is a score already.</param>
public sealed record ScoreSample(ScoreStatistic Statistic, IReadOnlyList<double> Found, IReadOnlyList<double> Right)
{
    /// <summary>The score of all items.</summary>
    [JsonIgnore]
    public double Value => Statistic switch
    {
        ScoreStatistic.Spearman => Correlation.Spearman([.. Found], [.. Right]),
        ScoreStatistic.AveragePrecision => BinaryMetrics.AveragePrecision([.. Found], [.. Right.Select(static right => right > 0)]),
        _ => Found.Count == 0 ? double.NaN : Found.Average(),
    };
}
