using System.Globalization;
using Sextant.Cli.Terminal;
using Sextant.Evaluation;
using Sextant.Evaluation.Data;
using Sextant.Evaluation.Statistics;
using Sextant.Index;

namespace Sextant.Cli.Commands.Evaluation;

/// <summary>Results of <c>sextant evaluate</c> for people and for programs.</summary>
internal static class EvaluationView
{
    public static void Write(Shell shell, IReadOnlyList<EvaluationRow> rows)
    {
        if (shell.Json)
            WriteJson(shell, rows);
        else
            WriteTable(shell, rows);
        foreach (
            string note in rows.SelectMany(static row => row.Results)
                .SelectMany(static result => result.Notes, static (result, note) => $"{result.Task}: {note}")
                .Distinct()
        )
        {
            shell.Note($"note: {note}");
        }

        if (rows.Count > 1 && Recommendation.Choose(rows) is { } recommendation)
        {
            if (shell.Json)
            {
                shell.Note($"recommendation: {recommendation}");
                return;
            }
            shell.Out.WriteLine();
            shell.Out.WriteWrapped($"recommendation: {recommendation}", indent: 2);
        }
    }

    private static void WriteTable(Shell shell, IReadOnlyList<EvaluationRow> rows)
    {
        string[] tasks = [.. rows.SelectMany(static row => row.Results).Select(static result => result.Task).Distinct()];
        bool stored = rows.Any(static row => row.Storage != VectorStorage.Float32);
        string[] storage = stored ? ["storage", "bytes"] : [];
        var table = new ReportTable(["model", "dims", .. storage, .. tasks, "mean", "95 %", "$/1M tokens", "texts/s"]);
        foreach (EvaluationRow row in rows)
        {
            string[] kept = stored ? [Name(row.Storage), Number(row.BytesPerVector)] : [];
            table.Add([
                row.Model,
                Number(row.Dimensions),
                .. kept,
                .. tasks.Select(task => row.GetResult(task) is { } result ? Points(result.Main) : "-"),
                Points(row.Mean),
                Interval(row.Interval),
                row.UsdPerMillionTokens?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-",
                row.TextsPerSecond?.ToString("N0", CultureInfo.InvariantCulture) ?? "-",
            ]);
        }

        PublishedModel[] published = [.. PublishedScores.Default.Models.Where(model => tasks.Any(model.Scores.ContainsKey))];
        string[] empty = stored ? ["-", "-"] : [];
        foreach (PublishedModel model in published)
        {
            table.Add([
                $"{model.Model} (published)",
                Number(model.Dimensions),
                .. empty,
                .. tasks.Select(task => model.Scores.TryGetValue(task, out double score) ? Points(score) : "-"),
                "-",
                "-",
                "-",
                "-",
            ]);
        }

        table.Write(shell.Out);
        if (published.Length > 0)
        {
            shell.Note(
                $"published scores were not measured here; they are from {PublishedScores.Default.Source} "
                    + $"({PublishedScores.Default.Commit[..9]})"
            );
        }
    }

    private static void WriteJson(Shell shell, IReadOnlyList<EvaluationRow> rows)
    {
        foreach (EvaluationResult result in rows.SelectMany(static row => row.Results))
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("model", result.Model);
                json.WriteString("task", result.Task);
                json.WriteString("kind", result.Kind.ToString());
                json.WriteNumber("dimensions", result.Dimensions);
                json.WriteString("storage", Name(result.Storage));
                json.WriteString("metric", result.MainScore);
                WriteNumber("score", result.Main);
                (double low, double high) = Bootstrap.Interval(result.Replicates);
                WriteNumber("low", low);
                WriteNumber("high", high);
                json.WriteStartObject("scores");
                foreach ((string key, double value) in result.Scores)
                    WriteNumber(key, value);
                json.WriteEndObject();
                WriteNumber("usd_per_million_tokens", (double?)result.UsdPerMillionTokens ?? double.NaN);
                WriteNumber("texts_per_second", result.EmbeddingSeconds > 0 ? result.Texts / result.EmbeddingSeconds : double.NaN);
                json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
                json.WriteBoolean("kept", result.Kept);
                if (result.Notes.Count > 0)
                {
                    json.WriteStartArray("notes");
                    foreach (string note in result.Notes)
                        json.WriteStringValue(note);
                    json.WriteEndArray();
                }

                void WriteNumber(string name, double value)
                {
                    if (double.IsFinite(value))
                        json.WriteNumber(name, value);
                    else
                        json.WriteNull(name);
                }
            });
        }
    }

    private static string Name(VectorStorage storage) => storage.ToString().ToLowerInvariant();

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Points(double score) => double.IsFinite(score) ? (100 * score).ToString("F2", CultureInfo.InvariantCulture) : "-";

    private static string Interval((double Low, double High) ends) =>
        double.IsFinite(ends.Low) ? $"{Points(ends.Low)}..{Points(ends.High)}" : "-";
}
