using System.Globalization;
using Sextant.Evaluation.Metrics;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation.Tasks;

/// <summary>
/// Retrieval, and reranking where candidates are given: every question against every document by exact cosine, never through an
/// approximate index. Ties are ranked as trec_eval ranks them, by id from the last. A document that is the question itself (the same
/// id and the same text) is left out.
/// </summary>
public sealed class RetrievalTask : EvaluationTask
{
    /// <summary>How far lists are scored.</summary>
    private static readonly int[] Cuts = [1, 3, 5, 10, 20, 100, 1000];

    private readonly NamedText[] _queries;
    private readonly RetrievalData _data;
    private readonly Dictionary<string, int> _documentRows;

    /// <summary>Creates the task.</summary>
    /// <param name="data">The queries, documents and judgments.</param>
    /// <param name="mainScore">
    /// The score for the table: <c>ndcg_at_10</c> when <see langword="null"/>, or <c>map_at_1000</c> for reranking.
    /// </param>
    /// <exception cref="InputException">Documents, queries or judgments are missing, or the judgments match none of them.</exception>
    public RetrievalTask(RetrievalData data, string? mainScore = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        Notes = RetrievalChecks.Check(data);
        _data = data;
        _queries =
        [
            .. data.Queries.Where(query =>
                data.Judgments.TryGetValue(query.Id, out IReadOnlyDictionary<string, double>? grades) && grades.Count > 0
            ),
        ];
        _documentRows = new Dictionary<string, int>(data.Documents.Count, StringComparer.Ordinal);
        for (int i = 0; i < data.Documents.Count; i++)
            _documentRows[data.Documents[i].Id] = i;
        Queries = Array.ConvertAll(_queries, static query => query.Text);
        Documents = [.. data.Documents.Select(static document => document.Text)];
        MainScore = mainScore ?? (data.Candidates is null ? "ndcg_at_10" : "map_at_1000");
    }

    /// <inheritdoc />
    public override TaskKind Kind => _data.Candidates is null ? TaskKind.Retrieval : TaskKind.Reranking;

    /// <inheritdoc />
    public override string MainScore { get; }

    /// <inheritdoc />
    public override IReadOnlyList<string> Notes { get; }

    /// <inheritdoc />
    public override IReadOnlyList<string> Queries { get; }

    /// <inheritdoc />
    public override IReadOnlyList<string> Documents { get; }

    /// <inheritdoc />
    public override TaskScores Score(EmbeddingTable queries, EmbeddingTable documents, CancellationToken cancellationToken = default)
    {
        int depth = Cuts[^1];
        int[][] ranked = ExactSearch.Top(queries, documents, depth + 1, Places(), Allowed(), cancellationToken);
        return Score(ranked, depth);
    }

    /// <summary>Scores rankings that were made elsewhere.</summary>
    /// <param name="ranked">For each query the rows of documents, the best first.</param>
    /// <param name="depth">How many of them count; scores that look further are left out.</param>
    internal TaskScores Score(IReadOnlyList<IReadOnlyList<int>> ranked, int depth)
    {
        int[] cuts = Array.FindAll(Cuts, k => k <= depth);
        var columns = new Dictionary<string, double[]>();
        for (int q = 0; q < _queries.Length; q++)
        {
            IEnumerable<int> rows = ranked[q].Where(row => !IsItself(q, row));
            IReadOnlyDictionary<string, double> judged = _data.Judgments[_queries[q].Id];
            double[] all = [.. judged.Values];
            int relevant = all.Count(static grade => grade > 0);
            double[] grades = [.. rows.Take(depth).Select(row => judged.GetValueOrDefault(_data.Documents[row].Id))];
            foreach (int k in cuts)
            {
                Keep("ndcg", k, RankingMetrics.Ndcg(grades, all, k));
                Keep("map", k, RankingMetrics.AveragePrecision(grades, relevant, k));
                Keep("recall", k, RankingMetrics.Recall(grades, relevant, k));
                Keep("precision", k, RankingMetrics.Precision(grades, k));
                Keep("mrr", k, RankingMetrics.ReciprocalRank(grades, k));
            }

            void Keep(string name, int k, double value)
            {
                string key = string.Create(CultureInfo.InvariantCulture, $"{name}_at_{k}");
                if (!columns.TryGetValue(key, out double[]? column))
                    columns[key] = column = new double[_queries.Length];
                column[q] = value;
            }
        }

        if (!columns.TryGetValue(MainScoreWithin(depth), out double[]? main))
            main = [];
        return new TaskScores(
            columns.ToDictionary(static pair => pair.Key, static pair => pair.Value.Average()),
            [new ScoreSample(ScoreStatistic.Mean, main, [])]
        );
    }

    /// <summary>
    /// The main score of lists that end at <paramref name="depth"/>: the deepest of its kind, where it would look further itself.
    /// </summary>
    internal string MainScoreWithin(int depth)
    {
        int at = MainScore.LastIndexOf('_') + 1;
        return int.TryParse(MainScore.AsSpan(at), NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k > depth
            ? MainScore[..at] + Cuts.Last(cut => cut <= depth).ToString(CultureInfo.InvariantCulture)
            : MainScore;
    }

    /// <summary>The rows of all documents in the order in which equal scores are ranked.</summary>
    internal int[] RowsByPlace()
    {
        int[] order = [.. Enumerable.Range(0, _data.Documents.Count)];
        Array.Sort(order, (a, b) => string.CompareOrdinal(_data.Documents[b].Id, _data.Documents[a].Id));
        return order;
    }

    private bool IsItself(int query, int row) =>
        _data.Documents[row].Id == _queries[query].Id && _data.Documents[row].Text == _queries[query].Text;

    /// <summary>For each document its place when ids are sorted from the last: what decides between equal scores.</summary>
    private int[] Places()
    {
        int[] order = RowsByPlace();
        int[] places = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            places[order[i]] = i;
        return places;
    }

    private int[]?[]? Allowed() =>
        _data.Candidates is not { } candidates
            ? null
            : Array.ConvertAll(
                _queries,
                query =>
                    candidates.TryGetValue(query.Id, out IReadOnlyList<string>? ids)
                        ? ids.Where(_documentRows.ContainsKey).Select(id => _documentRows[id]).Distinct().ToArray()
                        : []
            );
}
