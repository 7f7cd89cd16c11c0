using System.Globalization;
using System.Net;
using System.Text;
using Sextant.Evaluation.Data;
using Sextant.Evaluation.Statistics;
using Sextant.Index;

namespace Sextant.Evaluation.Report;

/// <summary>A self-contained HTML file: the table, plots of score against dimensions, cost and speed, and the paired tests.</summary>
public static class HtmlReport
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1d2125;background:#fff}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}
        th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #dde2e6;white-space:nowrap}
        th:first-child,td:first-child{text-align:left}tr.published td{color:#6a737b;font-style:italic}
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(24rem,1fr));gap:1rem}
        svg{width:100%;height:auto;border:1px solid #dde2e6;border-radius:6px}svg .grid{stroke:#e8ecef}
        svg text{font:12px system-ui,sans-serif;fill:#1d2125}svg .title{font-weight:600;font-size:14px}svg .tick{fill:#6a737b}
        .key{display:inline-block;width:.8em;height:.8em;border-radius:50%;margin:0 .4em 0 1em}.note{color:#6a737b}
        """;

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The rows of the table.</param>
    public static void Write(string path, IReadOnlyList<EvaluationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(rows);
        byte[] page = Encoding.UTF8.GetBytes(Render(rows));
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The report as text.</summary>
    public static string Render(IReadOnlyList<EvaluationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        string[] tasks = [.. rows.SelectMany(static row => row.Results).Select(static result => result.Task).Distinct()];
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        page.Append("<title>Sextant: evaluation</title><style>").Append(Style).Append("</style><h1>Evaluation</h1>");
        if (Recommendation.Choose(rows) is { } recommendation && rows.Count > 1)
            page.Append("<p><strong>").Append(Html(recommendation.ToString())).Append("</strong></p>");
        AppendTable(page, rows, tasks);
        AppendPlots(page, rows);
        AppendTests(page, rows);
        page.Append("<p class=\"note\">Scores in hundredths; intervals by bootstrap (95 %, ")
            .Append(Bootstrap.Resamples)
            .Append(" resamples of the items). Every ranking is by exact search.</p></html>\n");
        return page.ToString();
    }

    private static void AppendTable(StringBuilder page, IReadOnlyList<EvaluationRow> rows, string[] tasks)
    {
        page.Append("<div class=\"wide\"><table><tr><th>model<th>dims<th>storage<th>bytes");
        foreach (string task in tasks)
        {
            string measure = rows.Select(row => row.GetResult(task)).First(static result => result is not null)!.MainScore;
            page.Append(CultureInfo.InvariantCulture, $"<th>{Html(task)}<br><span class=\"note\">{Html(measure)}</span>");
        }

        page.Append("<th>mean<th>95 %<th>$/1M tokens<th>texts/s</tr>");
        foreach (EvaluationRow row in rows)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html(row.Model)}<td>{row.Dimensions}<td>{row.Storage.ToString().ToLowerInvariant()}<td>{row.BytesPerVector}"
            );
            foreach (string task in tasks)
                page.Append("<td>").Append(row.GetResult(task) is { } result ? Points(result.Main) : "");
            page.Append("<td>")
                .Append(Points(row.Mean))
                .Append("<td>")
                .Append(Points(row.Interval.Low))
                .Append('–')
                .Append(Points(row.Interval.High));
            page.Append(CultureInfo.InvariantCulture, $"<td>{row.UsdPerMillionTokens:0.####}<td>{row.TextsPerSecond:N0}</tr>");
        }

        foreach (PublishedModel model in PublishedScores.Default.Models.Where(model => tasks.Any(model.Scores.ContainsKey)))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr class=\"published\"><td>{Html(model.Model)} (published)<td>{model.Dimensions}<td><td>"
            );
            foreach (string task in tasks)
                page.Append("<td>").Append(model.Scores.TryGetValue(task, out double score) ? Points(score) : "");
            page.Append("<td><td><td><td></tr>");
        }

        page.Append("</table></div>");
        if (PublishedScores.Default.Models.Any(model => tasks.Any(model.Scores.ContainsKey)))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"note\">Published, not measured here: {Html(PublishedScores.Default.Source)}, commit "
                    + $"{PublishedScores.Default.Commit}.</p>"
            );
        }
    }

    private static void AppendPlots(StringBuilder page, IReadOnlyList<EvaluationRow> rows)
    {
        page.Append("<h2>Score against length, cost and speed</h2><p>");
        string[] series = [.. rows.Select(Series).Distinct()];
        for (int i = 0; i < series.Length; i++)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<span class=\"key\" style=\"background:{ScatterPlot.Color(i)}\"></span>{Html(series[i])}"
            );
        }

        page.Append("</p><div class=\"plots\">");
        page.Append(
            ScatterPlot.Draw("Mean score against dimensions", "dimensions", logarithmic: true, Points(rows, static row => row.Dimensions))
        );
        page.Append(
            ScatterPlot.Draw(
                "Mean score against size",
                "bytes per vector",
                logarithmic: true,
                Points(rows, static row => row.BytesPerVector)
            )
        );
        page.Append(
            ScatterPlot.Draw(
                "Mean score against cost",
                "dollars per million tokens",
                logarithmic: false,
                Points(rows, static row => (double?)row.UsdPerMillionTokens)
            )
        );
        page.Append(
            ScatterPlot.Draw(
                "Mean score against speed",
                "texts per second",
                logarithmic: true,
                Points(rows, static row => row.TextsPerSecond)
            )
        );
        page.Append("</div>");
    }

    private static void AppendTests(StringBuilder page, IReadOnlyList<EvaluationRow> rows)
    {
        PairedTest[] tests = [.. PairedTest.BetweenModels(rows)];
        if (tests.Length == 0)
            return;
        page.Append(
            "<h2>Paired tests</h2><p>The best row of each model, on the same resamples of the same "
                + "items.</p><table><tr><th>models<th>difference<th>95 %<th>p</tr>"
        );
        foreach (PairedTest test in tests)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html(test.First.Model)} − {Html(test.Second.Model)}<td>{Points(test.Difference)}"
            );
            page.Append(CultureInfo.InvariantCulture, $"<td>{Points(test.Low)} to {Points(test.High)}<td>{test.PValue:0.000}</tr>");
        }

        page.Append("</table>");
    }

    private static PlotPoint[] Points(IReadOnlyList<EvaluationRow> rows, Func<EvaluationRow, double?> x) =>
        [
            .. rows.Select(row => new PlotPoint(
                Series(row),
                string.Create(CultureInfo.InvariantCulture, $"{Series(row)}, {row.Dimensions} dimensions"),
                x(row) ?? double.NaN,
                100 * row.Mean,
                100 * row.Interval.Low,
                100 * row.Interval.High
            )),
        ];

    private static string Series(EvaluationRow row) =>
        row.Storage == VectorStorage.Float32 ? row.Model : $"{row.Model} ({row.Storage.ToString().ToLowerInvariant()})";

    private static string Points(double score) => double.IsFinite(score) ? (100 * score).ToString("F2", CultureInfo.InvariantCulture) : "";

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
