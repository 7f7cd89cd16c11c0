using System.Globalization;
using Sextant.Cli.Terminal;
using Sextant.Evaluation;
using Sextant.Evaluation.Statistics;

namespace Sextant.Cli.Commands.Evaluation;

/// <summary>Prints the search results of <c>sextant evaluate --rerank</c>, for people and for programs.</summary>
internal static class SearchEvaluationView
{
    public static void Write(Shell shell, IReadOnlyList<SearchEvaluationResult> results)
    {
        foreach (IGrouping<(string, string), SearchEvaluationResult> group in results.GroupBy(static result => (result.Model, result.Task)))
        {
            if (shell.Json)
            {
                foreach (SearchEvaluationResult result in group)
                    WriteJson(shell, result);
            }
            else
            {
                WriteTable(shell, [.. group]);
            }
        }
    }

    private static void WriteTable(Shell shell, SearchEvaluationResult[] results)
    {
        SearchEvaluationResult one = results[0];
        string recall = string.Create(CultureInfo.InvariantCulture, $"recall_at_{one.Candidates}");
        bool hasRecall = one.Scores.ContainsKey(recall);
        string[] nDcg = one.MainScore == "ndcg_at_10" || !one.Scores.ContainsKey("ndcg_at_10") ? [] : ["nDCG@10"];
        string[] found = hasRecall ? [string.Create(CultureInfo.InvariantCulture, $"recall@{one.Candidates}")] : [];
        shell.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\nsearching {one.Task} with {one.Model}: {one.Queries:N0} queries, the best {one.Candidates:N0} documents of each"
            )
        );
        var table = new ReportTable(["search", Heading(one.MainScore), "95 %", .. nDcg, .. found, "ms a query", "ms cold"]);
        foreach (SearchEvaluationResult result in results)
        {
            (double low, double high) = Bootstrap.Interval(result.Replicates);
            string[] alsoNDcg = nDcg.Length > 0 ? [Points(result.Scores["ndcg_at_10"])] : [],
                candidates = hasRecall ? [Points(result.Scores[recall])] : [];
            table.Add([
                Name(result),
                Points(result.Main),
                double.IsFinite(low) ? $"{Points(low)}..{Points(high)}" : "-",
                .. alsoNDcg,
                .. candidates,
                Milliseconds(result.Milliseconds),
                result.ColdMilliseconds is { } cold ? Milliseconds(cold) : "-",
            ]);
        }
        table.Write(shell.Out);
    }

    private static void WriteJson(Shell shell, SearchEvaluationResult result) =>
        shell.Out.WriteJson(json =>
        {
            json.WriteString("model", result.Model);
            json.WriteString("task", result.Task);
            json.WriteString("kind", "Search");
            json.WriteString("mode", result.Mode.ToString().ToLowerInvariant());
            if (result.Rerank is { } rerank)
                json.WriteString("rerank", rerank);
            else
                json.WriteNull("rerank");
            json.WriteNumber("candidates", result.Candidates);
            json.WriteNumber("queries", result.Queries);
            json.WriteString("metric", result.MainScore);
            json.WriteNumber("score", result.Main);
            (double low, double high) = Bootstrap.Interval(result.Replicates);
            if (double.IsFinite(low))
            {
                json.WriteNumber("low", low);
                json.WriteNumber("high", high);
            }
            json.WriteStartObject("scores");
            foreach ((string key, double value) in result.Scores)
                json.WriteNumber(key, value);
            json.WriteEndObject();
            json.WriteNumber("ms_per_query", Math.Round(result.Milliseconds, 3));
            if (result.ColdMilliseconds is { } cold)
                json.WriteNumber("ms_per_query_cold", Math.Round(cold, 3));
            else
                json.WriteNull("ms_per_query_cold");
        });

    private static string Name(SearchEvaluationResult result) =>
        result.Mode.ToString().ToLowerInvariant() + (result.Rerank is { } rerank ? $", reranked by {rerank}" : "");

    private static string Heading(string score) =>
        score.Replace("ndcg_at_", "nDCG@", StringComparison.Ordinal).Replace("_at_", "@", StringComparison.Ordinal);

    private static string Points(double score) => double.IsFinite(score) ? (100 * score).ToString("F2", CultureInfo.InvariantCulture) : "-";

    private static string Milliseconds(double value) => value.ToString(value < 10 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
