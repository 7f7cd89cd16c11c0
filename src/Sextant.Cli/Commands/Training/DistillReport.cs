using System.Globalization;
using System.Text;
using Sextant.Cli.Commands.Evaluation;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Evaluation;
using Sextant.Evaluation.Data;
using Sextant.Index;
using Sextant.Models;
using Sextant.Training.Distillation;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands.Training;

/// <summary>Shows a distillation: a moving line, a line an epoch, the result, and scores on tasks.</summary>
internal sealed class DistillReport(Shell shell, ProgressLine line)
    : IProgress<EmbeddedTexts>,
        IProgress<TrainingProgress>,
        IProgress<DistillationEpoch>
{
    public void Report(EmbeddedTexts value) => line.Report("embedding with the teacher", value.Done, value.Total);

    public void Report(TrainingProgress value) =>
        line.Report($"epoch {value.Pass}, loss {value.Loss:F4}, {2 * value.PairsPerSecond:N0} texts/s, step", value.Step, value.TotalSteps);

    public void Report(DistillationEpoch value)
    {
        if (!shell.Json)
        {
            shell.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {value.Epoch}: loss {value.Loss:F4}{(value.Scores is { } scores ? $"; {scores}" : "")}"
                )
            );
            return;
        }

        shell.Out.WriteJson(json =>
        {
            json.WriteNumber("epoch", value.Epoch);
            json.WriteNumber("loss", Math.Round(value.Loss, 6));
            Write(json, value.Scores);
        });
    }

    public void Finish(string folder, DistillationReport report)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("output", folder);
                json.WriteNumber("texts", report.Texts);
                json.WriteNumber("tokens", report.Tokens);
                json.WriteNumber("dimensions", report.Dimensions);
                BeforeAfterJson.Write(json, report.Before, report.After, Write);
            });
            return;
        }

        shell.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{folder}: {report.Tokens:N0} tokens, {report.Dimensions} dimensions, trained on {report.Texts:N0} texts"
            )
        );
        if (report is { Before: { } before, After: { } after })
        {
            shell.Out.WriteLine($"  before  {before}");
            shell.Out.WriteLine($"  after   {after}");
        }
    }

    /// <summary>
    /// Measures the teacher, the student before and after training and the built-in model on tasks; adds the table to the card.
    /// </summary>
    public async Task MeasureAsync(
        string teacher,
        string folder,
        string untrained,
        IReadOnlyList<TaskSource> tasks,
        EmbeddingPipelineOptions pipeline,
        CancellationToken cancellationToken
    )
    {
        var plan = new EvaluationPlan
        {
            Sources = tasks,
            Models = [teacher, untrained, folder, StaticModelProvider.BuiltInModel],
            Dimensions = [],
            EveryLength = false,
            Storage = [VectorStorage.Float32],
            Pipeline = pipeline,
        };
        IReadOnlyList<EvaluationRow> rows = EvaluationRow.Create((await plan.RunAsync(shell, cancellationToken)).Results);
        EvaluationView.Write(shell, rows);
        var table = new StringBuilder(
            $"\n## Tasks\n\n| | {string.Join(" | ", tasks.Select(static task => task.Name))} "
                + $"|\n|{string.Concat(Enumerable.Repeat(" --- |", tasks.Count + 1))}\n"
        );
        foreach (EvaluationRow row in rows)
        {
            string name =
                row.Model == teacher ? $"{Path.GetFileName(teacher.TrimEnd('/'))} (teacher)"
                : row.Model == untrained ? "before training"
                : row.Model == folder ? "after"
                : row.Model;
            IEnumerable<string> scores = tasks.Select(task =>
                row.GetResult(task.Name)?.Main.ToString("F4", CultureInfo.InvariantCulture) ?? ""
            );
            table.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", scores)} |\n");
        }

        await File.AppendAllTextAsync(Path.Combine(folder, "README.md"), table.ToString(), cancellationToken);
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, DistillationScores? scores)
    {
        if (scores is null)
        {
            return;
        }

        json.WriteNumber("cosine", Math.Round(scores.Cosine, 6));
        json.WriteNumber("correlation", Math.Round(scores.Correlation, 6));
        json.WriteNumber("neighbors_at_10", Math.Round(scores.NeighborRecall, 6));
    }
}
