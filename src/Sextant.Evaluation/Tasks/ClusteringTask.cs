using System.Globalization;
using Sextant.Evaluation.Learning;
using Sextant.Evaluation.Metrics;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation.Tasks;

/// <summary>
/// Clustering: mini-batch k-means with as many clusters as there are labels, ten times on 16,384 texts drawn with replacement;
/// the mean V-measure of clusters and labels.
/// </summary>
public sealed class ClusteringTask : EvaluationTask
{
    private const int Runs = 10,
        Drawn = 16_384;
    private const uint Seed = 42;

    private readonly int[] _labels;
    private readonly int _clusters;

    /// <summary>Makes the task.</summary>
    /// <param name="texts">Texts with labels; two labels at least.</param>
    public ClusteringTask(IReadOnlyList<LabeledText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        string[] labels = [.. texts.Select(static text => text.Label).Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length < 2)
            throw new TaskDataException(Few(texts.Count, labels));
        _clusters = labels.Length;
        _labels = [.. texts.Select(text => Array.IndexOf(labels, text.Label))];
        Documents = [.. texts.Select(static text => text.Text)];
    }

    /// <inheritdoc />
    public override TaskKind Kind => TaskKind.Clustering;

    /// <inheritdoc />
    public override string MainScore => "v_measure";

    /// <inheritdoc />
    public override IReadOnlyList<string> Documents { get; }

    /// <inheritdoc />
    public override TaskScores Score(EmbeddingTable queries, EmbeddingTable documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        double[] measures = new double[Runs];
        Parallel.For(
            0,
            Runs,
            new ParallelOptions { CancellationToken = cancellationToken },
            run =>
            {
                var random = new NumPyRandom(Seed + (uint)run);
                int[] rows = new int[Drawn];
                for (int i = 0; i < Drawn; i++)
                    rows[i] = (int)random.UpTo((uint)_labels.Length - 1);
                int[] clusters = MiniBatchKMeans.Cluster(documents, rows, _clusters, Seed + (uint)run);
                measures[run] = LabelMetrics.VMeasure(Array.ConvertAll(rows, row => _labels[row]), clusters);
            }
        );
        double mean = measures.Average();
        double deviation = Math.Sqrt(measures.Average(value => (value - mean) * (value - mean)));
        return new TaskScores(
            new Dictionary<string, double> { ["v_measure"] = mean, ["v_measure_std"] = deviation },
            [new ScoreSample(ScoreStatistic.Mean, measures, [])]
        );
    }

    private static string Few(int texts, string[] labels) =>
        labels.Length == 0
            ? "there are no texts; clustering needs texts of at least two labels"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"all {texts:N0} texts have the label '{labels[0]}'; clustering needs at least two labels"
            );
}
