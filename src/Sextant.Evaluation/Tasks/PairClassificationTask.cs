using Sextant.Evaluation.Metrics;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation.Tasks;

/// <summary>
/// Pair classification: average precision, best F1 and best accuracy of cosine and of two distances, and the best of the three
/// as <c>max_ap</c> … Both texts are embedded as documents.
/// </summary>
/// <param name="pairs">Two texts; a score above 0 says that they belong together.</param>
public sealed class PairClassificationTask(IReadOnlyList<ScoredPair> pairs) : EvaluationTask
{
    private readonly IReadOnlyList<ScoredPair> _pairs = Require(pairs);

    /// <inheritdoc />
    public override TaskKind Kind => TaskKind.PairClassification;

    /// <inheritdoc />
    public override string MainScore => "max_ap";

    /// <inheritdoc />
    public override IReadOnlyList<string> Documents { get; } = [.. pairs.SelectMany(static pair => new[] { pair.First, pair.Second })];

    /// <inheritdoc />
    public override TaskScores Score(EmbeddingTable queries, EmbeddingTable documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        double[] labels = [.. _pairs.Select(static pair => pair.Score)];
        bool[] right = Array.ConvertAll(labels, static label => label > 0);
        var scores = new Dictionary<string, double>
        {
            ["max_ap"] = 0,
            ["max_f1"] = 0,
            ["max_accuracy"] = 0,
        };
        double[] best = [];
        foreach (PairMeasure measure in PairMeasure.All)
        {
            double[] found = new double[labels.Length];
            for (int i = 0; i < found.Length; i++)
                found[i] = measure.Of(documents, 2 * i, (2 * i) + 1);
            double precision = BinaryMetrics.AveragePrecision(found, right);
            if (best.Length == 0 || precision > scores["max_ap"])
                best = found;
            Keep(measure.Name, "ap", precision);
            Keep(measure.Name, "f1", BinaryMetrics.BestF1(found, right));
            Keep(measure.Name, "accuracy", BinaryMetrics.BestAccuracy(found, right));
        }

        return new TaskScores(scores, [new ScoreSample(ScoreStatistic.AveragePrecision, best, labels)]);

        void Keep(string measure, string name, double value)
        {
            scores[$"{measure}_{name}"] = value;
            scores["max_" + name] = Math.Max(scores["max_" + name], value);
        }
    }

    private static IReadOnlyList<ScoredPair> Require(IReadOnlyList<ScoredPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        int together = pairs.Count(static pair => pair.Score > 0);
        if (pairs.Count == 0)
            throw new TaskDataException("there are no pairs");
        return together > 0 && together < pairs.Count
            ? pairs
            : throw new TaskDataException(
                $"{(together == 0 ? "no pair belongs" : "all pairs belong")} together; give pairs with a label above 0 and pairs with a "
                    + "label of 0 or below"
            );
    }
}
