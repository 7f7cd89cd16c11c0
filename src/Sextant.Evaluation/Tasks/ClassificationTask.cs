using System.Globalization;
using Sextant.Evaluation.Learning;
using Sextant.Evaluation.Metrics;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation.Tasks;

/// <summary>
/// Classification from few examples: a logistic regression learns from 8 vectors of each label (and, as <c>accuracy_16</c> and
/// <c>f1_16</c>, from 16) and is scored on all texts of the test; the mean of ten runs on the draws that MTEB makes with its seed.
/// </summary>
public sealed class ClassificationTask : EvaluationTask
{
    private const int Runs = 10;
    private const uint Seed = 42;

    private static readonly int[] SamplesPerLabel = [8, 16];

    private readonly int[] _training;
    private readonly int[] _test;
    private readonly int _classes;

    /// <summary>Creates the task.</summary>
    /// <param name="training">The training texts; at least two labels.</param>
    /// <param name="test">The test texts.</param>
    public ClassificationTask(IReadOnlyList<LabeledText> training, IReadOnlyList<LabeledText> test)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        string[] labels = [.. training.Select(static text => text.Label).Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length < 2)
        {
            throw new TaskDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the {training.Count:N0} training texts have {labels.Length} label{(labels.Length == 1 ? "" : "s")}; "
                        + $"classification needs at least two"
                )
            );
        }
        _classes = labels.Length;
        _training = [.. training.Select(text => Array.IndexOf(labels, text.Label))];
        // A label that nothing was learned of is never given, and counts as wrong.
        _test = [.. test.Select(text => Array.IndexOf(labels, text.Label))];
        if (test.Count == 0)
            throw new TaskDataException("there are no test texts");
        string[] strange = [.. test.Where((_, i) => _test[i] < 0).Select(static text => text.Label)];
        if (strange.Length == test.Count)
            throw new TaskDataException($"no test label occurs in training, such as '{strange[0]}', so every score would be 0");
        if (strange.Length > 0)
        {
            Notes =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{strange.Length:N0} of {test.Count:N0} test texts have a label that does not occur in training, such as "
                        + $"'{strange[0]}', and count as wrong"
                ),
            ];
        }

        Documents = [.. training.Concat(test).Select(static text => text.Text)];
    }

    /// <inheritdoc />
    public override TaskKind Kind => TaskKind.Classification;

    /// <inheritdoc />
    public override string MainScore => "accuracy";

    /// <inheritdoc />
    public override IReadOnlyList<string> Notes { get; } = [];

    /// <inheritdoc />
    public override IReadOnlyList<string> Documents { get; }

    /// <inheritdoc />
    public override TaskScores Score(EmbeddingTable queries, EmbeddingTable documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        EmbeddingTable test = documents.Skip(_training.Length);
        var scores = new Dictionary<string, double>();
        double[] correct = new double[_test.Length];
        foreach (int samples in SamplesPerLabel)
        {
            int[][] draws = Draws(samples);
            int[][] given = new int[Runs][];
            Parallel.For(
                0,
                Runs,
                new ParallelOptions { CancellationToken = cancellationToken },
                run =>
                    given[run] = LogisticRegression
                        .Fit(documents, draws[run], Array.ConvertAll(draws[run], row => _training[row]), _classes)
                        .Predict(test)
            );
            string suffix = samples == SamplesPerLabel[0] ? "" : string.Create(CultureInfo.InvariantCulture, $"_{samples}");
            scores["accuracy" + suffix] = given.Average(labels => LabelMetrics.Accuracy(_test, labels));
            scores["f1" + suffix] = given.Average(labels => LabelMetrics.MacroF1(_test, labels));
            if (samples != SamplesPerLabel[0])
                continue;
            for (int i = 0; i < correct.Length; i++)
                correct[i] = given.Count(labels => labels[i] == _test[i]) / (double)Runs;
        }

        return new TaskScores(scores, [new ScoreSample(ScoreStatistic.Mean, correct, [])]);
    }

    /// <summary>The rows to learn from in each run: the first of each label, in an order that is shuffled again before every run.</summary>
    private int[][] Draws(int samples)
    {
        int[] order = [.. Enumerable.Range(0, _training.Length)];
        int[][] draws = new int[Runs][];
        for (int run = 0; run < Runs; run++)
        {
            new NumPyRandom(Seed).Shuffle(order);
            int[] taken = new int[_classes];
            draws[run] = [.. order.Where(row => taken[_training[row]]++ < samples)];
        }

        return draws;
    }
}
