using Sextant.Evaluation.Metrics;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation.Tasks;

/// <summary>
/// Word similarity: Spearman's correlation of cosines with people's scores, the mean of several lists. Pairs with a word unknown to the
/// model (a zero vector) are left out, and <c>coverage</c> is the fraction of pairs kept.
/// </summary>
/// <param name="lists">Pairs of words by the name of their list.</param>
public sealed class WordSimilarityTask(IReadOnlyList<KeyValuePair<string, IReadOnlyList<ScoredPair>>> lists) : EvaluationTask
{
    /// <inheritdoc />
    public override TaskKind Kind => TaskKind.WordSimilarity;

    /// <inheritdoc />
    public override string MainScore => "cosine_spearman";

    /// <inheritdoc />
    public override IReadOnlyList<string> Documents { get; } =
    [.. lists.SelectMany(static list => list.Value).SelectMany(static pair => new[] { pair.First, pair.Second })];

    /// <inheritdoc />
    public override TaskScores Score(EmbeddingTable queries, EmbeddingTable documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var scores = new Dictionary<string, double> { [MainScore] = 0, ["coverage"] = 0 };
        var samples = new List<ScoreSample>();
        List<string> notes = [];
        int row = 0,
            known = 0;
        foreach ((string name, IReadOnlyList<ScoredPair> pairs) in lists)
        {
            List<double> found = [],
                right = [];
            foreach (ScoredPair pair in pairs)
            {
                (int first, int second) = (row++, row++);
                if (documents.IsZero(first) || documents.IsZero(second))
                    continue;
                found.Add(documents.Cosine(first, documents, second));
                right.Add(pair.Score);
            }

            known += found.Count;
            double spearman = Correlation.Spearman([.. found], [.. right]);
            scores[$"{name}_cosine_spearman"] = spearman;
            // A list of which next to nothing is known says nothing of the model.
            if (!double.IsNaN(spearman))
                samples.Add(new ScoreSample(ScoreStatistic.Spearman, found, right));
            else
                notes.Add($"{name}: {ScoredPairs.WhyConstant([.. found]) ?? "all known pairs have one score, so there is no correlation"}");
        }

        scores[MainScore] = samples.Count == 0 ? double.NaN : samples.Average(static sample => sample.Value);
        scores["coverage"] = row == 0 ? double.NaN : 2.0 * known / row;
        return new TaskScores(scores, samples) { Notes = notes };
    }
}
