using System.Text.Json;
using Sextant.Evaluation.Learning;
using Sextant.Evaluation.Metrics;

namespace Sextant.Evaluation.Tests.Metrics;

/// <summary>Golden values made by golden/metrics.py with scipy, scikit-learn and NumPy.</summary>
public sealed class MetricsAgainstScikitLearnTests
{
    private const double Tolerance = 1e-9;

    private static readonly JsonElement Golden = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Metrics", "golden", "metrics.json")))
        .RootElement;

    [Fact]
    public void Correlations_and_ranks_match_SciPy()
    {
        foreach (JsonElement expected in Cases("correlations", 9))
        {
            double[] a = Doubles(expected, "a"),
                b = Doubles(expected, "b");
            Same(expected, "pearson", Correlation.Pearson(a, b));
            Same(expected, "spearman", Correlation.Spearman(a, b));
            Assert.Equal(Doubles(expected, "ranks"), Correlation.Ranks(a));
        }
    }

    [Fact]
    public void Ranking_metrics_match_trec_eval()
    {
        foreach (JsonElement expected in Cases("rankings", 40))
        {
            double[] grades = Doubles(expected, "grades"),
                judged = Doubles(expected, "judged");
            int k = expected.GetProperty("k").GetInt32(),
                relevant = judged.Count(grade => grade > 0);
            Same(expected, "ndcg", RankingMetrics.Ndcg(grades, judged, k));
            Same(expected, "map", RankingMetrics.AveragePrecision(grades, relevant, k));
            Same(expected, "recall", RankingMetrics.Recall(grades, relevant, k));
            Same(expected, "precision", RankingMetrics.Precision(grades, k));
            Same(expected, "mrr", RankingMetrics.ReciprocalRank(grades, k));
        }
    }

    [Fact]
    public void Pair_classification_metrics_match_scikit_learn()
    {
        foreach (JsonElement expected in Cases("binaries", 8))
        {
            double[] scores = Doubles(expected, "scores");
            bool[] right = [.. expected.GetProperty("right").EnumerateArray().Select(value => value.GetBoolean())];
            Same(expected, "ap", BinaryMetrics.AveragePrecision(scores, right));
            Same(expected, "f1", BinaryMetrics.BestF1(scores, right));
            Same(expected, "accuracy", BinaryMetrics.BestAccuracy(scores, right));
        }
    }

    [Fact]
    public void Label_metrics_match_scikit_learn()
    {
        foreach (JsonElement expected in Cases("labels", 9))
        {
            int[] right = Ints(expected, "right"),
                given = Ints(expected, "given");
            Same(expected, "accuracy", LabelMetrics.Accuracy(right, given));
            Same(expected, "f1", LabelMetrics.MacroF1(right, given));
            Same(expected, "v", LabelMetrics.VMeasure(right, given));
        }
    }

    [Fact]
    public void Logistic_regression_matches_scikit_learn_on_confident_predictions()
    {
        foreach (JsonElement expected in Cases("regressions", 2))
        {
            int classes = expected.GetProperty("classes").GetInt32();
            int[] labels = Ints(expected, "y");
            EmbeddingTable table = Table(expected, "x", labels.Length),
                test = Table(expected, "test", 40);

            int[] predicted = LogisticRegression.Fit(table, [.. Enumerable.Range(0, labels.Length)], labels, classes).Predict(test);

            bool[] sure = [.. expected.GetProperty("sure").EnumerateArray().Select(value => value.GetBoolean())];
            Assert.True(sure.Count(value => value) >= 35);
            int[] wanted = Ints(expected, "predicted");
            for (int i = 0; i < sure.Length; i++)
                Assert.True(!sure[i] || predicted[i] == wanted[i], $"{classes} classes, row {i}");
        }
    }

    [Fact]
    public void Random_numbers_match_NumPy()
    {
        JsonElement expected = Golden.GetProperty("shuffles");
        int[] order = [.. Enumerable.Range(0, 30)],
            many = [.. Enumerable.Range(0, 1000)];
        new NumPyRandom(42).Shuffle(order);
        Assert.Equal(Ints(expected, "once"), order);
        new NumPyRandom(42).Shuffle(order);
        Assert.Equal(Ints(expected, "twice"), order);
        new NumPyRandom(42).Shuffle(many);
        Assert.Equal(Ints(expected, "long"), many[..20]);
        var random = new NumPyRandom(42);
        Assert.Equal(Doubles(expected, "doubles"), Enumerable.Range(0, 5).Select(_ => random.NextDouble()));
    }

    private static JsonElement[] Cases(string name, int count)
    {
        JsonElement[] cases = [.. Golden.GetProperty(name).EnumerateArray()];
        Assert.Equal(count, cases.Length);
        return cases;
    }

    private static void Same(JsonElement expected, string name, double actual)
    {
        JsonElement value = expected.GetProperty(name);
        double wanted = value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble();
        string label = expected.TryGetProperty("name", out JsonElement of) ? of.GetString()! : "";
        Assert.True(
            double.IsNaN(wanted) ? double.IsNaN(actual) : Math.Abs(wanted - actual) <= Tolerance,
            $"{label}: {name} is {actual}, not {wanted}"
        );
    }

    private static EmbeddingTable Table(JsonElement parent, string name, int rows)
    {
        float[] values = [.. Doubles(parent, name).Select(value => (float)value)];
        return EmbeddingTable.Take(values, values.Length / rows);
    }

    private static double[] Doubles(JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static int[] Ints(JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
