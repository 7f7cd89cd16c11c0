using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation.Tests.Tasks;

public sealed class RetrievalTaskTests
{
    [Fact]
    public void Single_relevant_document_at_rank_2_scores_by_the_definitions()
    {
        TaskScores scores = Score([("q", [1, 0])], [("a", [1, 0]), ("b", [0.9f, 0.1f]), ("c", [0, 1])], ("q", "b", 1));

        Assert.Equal(1 / Math.Log2(3), scores.Scores["ndcg_at_10"], 12);
        Assert.Equal(0.5, scores.Scores["map_at_10"], 12);
        Assert.Equal(0.5, scores.Scores["mrr_at_10"], 12);
        Assert.Equal(0, scores.Scores["recall_at_1"]);
        Assert.Equal(1, scores.Scores["recall_at_3"]);
        Assert.Equal(0.1, scores.Scores["precision_at_10"], 12);
    }

    [Fact]
    public void Fractional_grades_are_used_as_gains()
    {
        TaskScores scores = Score([("q", [1, 0])], [("a", [1, 0]), ("b", [0.9f, 0.1f]), ("c", [0, 1])], ("q", "a", 0.5), ("q", "b", 0.9));

        // By hand: (0.5 + 0.9 / log2 3) / (0.9 + 0.5 / log2 3).
        Assert.Equal(0.878542, scores.Scores["ndcg_at_10"], 5);
        Assert.Equal(0.5 / 0.9, scores.Scores["ndcg_at_1"], 12);
        Assert.Equal(1, scores.Scores["recall_at_3"]);
    }

    [Fact]
    public void Equal_scores_are_ranked_by_descending_id()
    {
        TaskScores last = Score([("q", [1, 0])], [("a", [1, 0]), ("b", [1, 0])], ("q", "b", 1));
        TaskScores first = Score([("q", [1, 0])], [("a", [1, 0]), ("b", [1, 0])], ("q", "a", 1));

        Assert.Equal(1, last.Scores["mrr_at_10"]);
        Assert.Equal(0.5, first.Scores["mrr_at_10"]);
    }

    [Fact]
    public void Query_without_judgments_is_skipped_and_one_without_relevant_documents_scores_0()
    {
        TaskScores scores = Score(
            [("q", [1, 0]), ("none", [1, 0]), ("bad", [1, 0])],
            [("a", [1, 0]), ("b", [0, 1])],
            ("q", "a", 1),
            ("bad", "a", 0)
        );

        Assert.Equal(0.5, scores.Scores["ndcg_at_10"]);
        Assert.Equal([1.0, 0.0], scores.Samples.Single().Found);
    }

    [Fact]
    public void Document_equal_to_the_query_is_excluded()
    {
        var data = new RetrievalData(
            [new("1", "same")],
            [new("1", "same"), new("2", "other")],
            new Dictionary<string, IReadOnlyDictionary<string, double>> { ["1"] = new Dictionary<string, double> { ["2"] = 1 } }
        );
        var task = new RetrievalTask(data);

        TaskScores scores = task.Score(
            EmbeddingTable.Take([1, 0], 2),
            EmbeddingTable.Take([1, 0, 0, 1], 2),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(1, scores.Scores["mrr_at_10"]);
    }

    [Fact]
    public void Task_with_candidates_is_reranking()
    {
        var data = new RetrievalData(
            [new("q", "q")],
            [new("a", "a"), new("b", "b"), new("c", "c")],
            new Dictionary<string, IReadOnlyDictionary<string, double>> { ["q"] = new Dictionary<string, double> { ["c"] = 1 } },
            new Dictionary<string, IReadOnlyList<string>> { ["q"] = ["b", "c"] }
        );
        var task = new RetrievalTask(data);

        TaskScores scores = task.Score(
            EmbeddingTable.Take([1, 0], 2),
            EmbeddingTable.Take([1, 0, 0.9f, 0.1f, 0, 1], 2),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(TaskKind.Reranking, task.Kind);
        Assert.Equal("map_at_1000", task.MainScore);
        Assert.Equal(0.5, scores.Scores["map_at_1000"]);
    }

    [Theory]
    [InlineData(1, 7, 3)]
    [InlineData(37, 500, 67)]
    [InlineData(64, 1200, 16)]
    public void Search_matches_sorting_all_scores(int queries, int documents, int dimensions)
    {
        var random = new Random(5);
        EmbeddingTable q = Random(random, queries, dimensions),
            d = Random(random, documents, dimensions);
        int[] places = [.. Enumerable.Range(0, documents)];

        int[][] found = ExactSearch.Top(q, d, 10, places, allowed: null, TestContext.Current.CancellationToken);

        for (int i = 0; i < queries; i++)
        {
            int query = i;
            int[] expected = [.. places.OrderByDescending(row => Dot(q[query], d[row])).Take(10)];
            Assert.Equal(expected, found[i]);
        }
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    private static EmbeddingTable Random(Random random, int count, int dimensions) =>
        EmbeddingTable.Take([.. Enumerable.Range(0, count * dimensions).Select(_ => random.NextSingle() - 0.5f)], dimensions);

    private static TaskScores Score(
        (string Id, float[] Vector)[] queries,
        (string Id, float[] Vector)[] documents,
        params (string Query, string Document, double Grade)[] judged
    )
    {
        Dictionary<string, IReadOnlyDictionary<string, double>> judgments = judged
            .GroupBy(j => j.Query)
            .ToDictionary(
                group => group.Key,
                group => (IReadOnlyDictionary<string, double>)group.ToDictionary(j => j.Document, j => j.Grade)
            );
        var task = new RetrievalTask(
            new RetrievalData(
                [.. queries.Select(q => new NamedText(q.Id, "query " + q.Id))],
                [.. documents.Select(d => new NamedText(d.Id, "document " + d.Id))],
                judgments
            )
        );
        float[][] asked = [.. queries.Where(q => judgments.ContainsKey(q.Id)).Select(q => q.Vector)];
        return task.Score(
            EmbeddingTable.Take([.. asked.SelectMany(v => v)], 2),
            EmbeddingTable.Take([.. documents.SelectMany(d => d.Vector)], 2),
            TestContext.Current.CancellationToken
        );
    }
}
