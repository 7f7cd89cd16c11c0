using System.Globalization;
using Sextant.Cli.Terminal;
using Sextant.Plotting;
using Sextant.Training.FineTuning;
using Sextant.Training.Recipes;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands.Training;

/// <summary>Shows a training run: a moving line, a line an epoch, what came of it, and its curves.</summary>
internal sealed class TrainReport(Shell shell, ProgressLine line) : IProgress<TrainingProgress>, IProgress<EpochResult>
{
    private TrainingProgress _last;

    /// <summary>Moves the line.</summary>
    public void Report(TrainingProgress value)
    {
        line.Report($"epoch {value.Pass}, loss {value.Loss:F4}, {value.PairsPerSecond:N0} pairs/s, step", value.Step, value.TotalSteps);
        _last = value;
    }

    /// <summary>Writes a line for an epoch that is over.</summary>
    public void Report(EpochResult value)
    {
        if (!shell.Json)
        {
            shell.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {value.Epoch}: loss {value.Loss:F4}, {_last.PairsPerSecond:N0} pairs/s; {value.Scores}"
                )
            );
            return;
        }

        shell.Out.WriteJson(json =>
        {
            json.WriteNumber("epoch", value.Epoch);
            json.WriteNumber("step", value.Step);
            json.WriteNumber("loss", Math.Round(value.Loss, 6));
            Write(json, value.Scores);
            json.WriteNumber("pairs_per_second", Math.Round(_last.PairsPerSecond));
        });
    }

    public void Finish(string folder, FineTuningReport report)
    {
        AtomicFile.Write(Path.Combine(folder, "curves.png"), file => file.Write(Curves(report)));
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("output", folder);
                json.WriteNumber("pairs", report.TrainingPairs);
                json.WriteNumber("held_out", report.After.Pairs);
                json.WriteNumber("epoch_kept", report.KeptEpoch);
                BeforeAfterJson.Write(json, report.Before, report.After, Write);
            });
            return;
        }

        shell.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{folder}: trained on {report.TrainingPairs:N0} pairs, measured on {report.After.Pairs:N0} others"
            )
        );
        shell.Out.WriteLine($"  before  {report.Before}");
        shell.Out.WriteLine($"  after   {report.After}");
    }

    public void Finish(string folder, RecipeReport report)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("output", folder);
                json.WriteNumber("pairs", report.Pairs);
                json.WriteNumber("held_back", report.HeldBackPairs);
                json.WriteNumber("loss", Math.Round(report.Loss, 6));
                json.WriteNumber("seconds", Math.Round(report.Duration.TotalSeconds, 1));
            });
            return;
        }

        shell.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{folder}: {report.Pairs:N0} pairs, {report.HeldBackPairs:N0} held out, {report.Tokens:N0} tokens, loss "
                    + $"{report.Loss:F4}, {report.Duration.TotalSeconds:F0} s"
            )
        );
    }

    private static byte[] Curves(FineTuningReport report)
    {
        double[] ends = [0, .. report.Epochs.Select(static epoch => (double)epoch.Step)];
        ValidationScores[] scores = [report.Before, .. report.Epochs.Select(static epoch => epoch.Scores)];
        bool scored = report.Before.Spearman is not null;
        List<LineSeries> lines =
        [
            new(
                "loss",
                [.. report.Losses.Select(static point => (double)point.Step)],
                [.. report.Losses.Select(static point => point.Loss)]
            ),
        ];
        if (scored)
        {
            lines.Add(new("Spearman", ends, [.. scores.Select(static s => s.Spearman ?? double.NaN)], OnRightAxis: true));
        }
        else if (report.Before.Pairs > 0)
        {
            lines.Add(new("recall@1", ends, [.. scores.Select(static s => s.RecallAt1)], OnRightAxis: true));
            lines.Add(new("recall@10", ends, [.. scores.Select(static s => s.RecallAt10)], OnRightAxis: true));
            lines.Add(new("MRR", ends, [.. scores.Select(static s => s.MeanReciprocalRank)], OnRightAxis: true));
        }

        return LineChart.ToPng(lines, "Training", "step", "loss", "held-out pairs");
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, ValidationScores scores)
    {
        if (scores.Pairs == 0)
        {
            return;
        }

        if (scores.Spearman is { } correlation)
        {
            json.WriteNumber("spearman", Math.Round(correlation, 6));
            return;
        }

        json.WriteNumber("recall_at_1", Math.Round(scores.RecallAt1, 6));
        json.WriteNumber("recall_at_10", Math.Round(scores.RecallAt10, 6));
        json.WriteNumber("mrr", Math.Round(scores.MeanReciprocalRank, 6));
    }
}
