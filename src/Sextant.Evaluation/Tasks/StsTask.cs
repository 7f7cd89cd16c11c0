using Sextant.Evaluation.Metrics;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation.Tasks;

/// <summary>Semantic textual similarity: the correlation of cosines with people's scores. Both texts are embedded as documents.</summary>
/// <param name="pairs">At least two pairs, not all of one score.</param>
public sealed class StsTask(IReadOnlyList<ScoredPair> pairs) : EvaluationTask
{
    private readonly IReadOnlyList<ScoredPair> _pairs = ScoredPairs.Require(pairs);

    /// <inheritdoc />
    public override TaskKind Kind => TaskKind.Sts;

    /// <inheritdoc />
    public override string MainScore => "cosine_spearman";

    /// <inheritdoc />
    public override IReadOnlyList<string> Documents { get; } = [.. pairs.SelectMany(static pair => new[] { pair.First, pair.Second })];

    /// <inheritdoc />
    public override TaskScores Score(EmbeddingTable queries, EmbeddingTable documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        double[] right = [.. _pairs.Select(static pair => pair.Score)];
        var scores = new Dictionary<string, double>();
        double[]? cosines = null;
        foreach (PairMeasure measure in PairMeasure.All)
        {
            double[] found = new double[right.Length];
            for (int i = 0; i < found.Length; i++)
                found[i] = measure.Of(documents, 2 * i, (2 * i) + 1);
            cosines ??= found;
            bool isConstant = ScoredPairs.WhyConstant(found) is not null;
            scores[measure.Name + "_spearman"] = isConstant ? double.NaN : Correlation.Spearman(found, right);
            scores[measure.Name + "_pearson"] = isConstant ? double.NaN : Correlation.Pearson(found, right);
        }

        return ScoredPairs.WhyConstant(cosines) is { } why
            ? new TaskScores(scores, []) { Notes = [why] }
            : new TaskScores(scores, [new ScoreSample(ScoreStatistic.Spearman, cosines!, right)]);
    }
}
