using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation;

/// <summary>The scores of a task.</summary>
/// <param name="Scores">
/// By name, in MTEB's spelling: <c>cosine_spearman</c>, <c>ndcg_at_10</c> … Most are in [0, 1], higher is better.
/// </param>
/// <param name="Samples">The samples of the main score, which is the mean of their <see cref="ScoreSample.Value"/>.</param>
public sealed record TaskScores(IReadOnlyDictionary<string, double> Scores, IReadOnlyList<ScoreSample> Samples)
{
    /// <summary>Notices for readers of the scores, such as why one could not be computed.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
