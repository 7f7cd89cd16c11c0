using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Models;
using Sextant.Training.FineTuning;
using Sextant.Training.Recipes;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant train</c>: fine-tunes a static model on pairs, or trains one from scratch by a recipe.</summary>
internal static class TrainCommand
{
    private static readonly Dictionary<string, TrainingLoss> Losses = new(StringComparer.Ordinal)
    {
        ["auto"] = TrainingLoss.Automatic,
        ["mnrl"] = TrainingLoss.MultipleNegatives,
        ["infonce"] = TrainingLoss.InfoNce,
        ["triplet"] = TrainingLoss.Triplet,
        ["cosent"] = TrainingLoss.CoSent,
    };

    public static Command Create(Shell shell)
    {
        var pairs = new Argument<string[]>("PAIRS")
        {
            Description = "Files of pairs, triplets or scored pairs (.jsonl .csv .tsv, also .gz), or one recipe.json to train from scratch",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o") { Description = "The new model's folder", HelpName = "DIR", Required = true };
        var data = new Option<string?>("--data") { Description = "The folder with the files that a recipe names", HelpName = "DIR" };
        var defaults = new FineTuningOptions();
        Option<int> epochs = NumberOption.Whole("--epochs", "Passes over the pairs", least: 1, defaults.Epochs);
        Option<int> batch = NumberOption.Whole("--batch", "Pairs in a batch", least: 2, defaults.Batch);
        Option<int> warmup = NumberOption.Whole("--warmup", "Steps until the learning rate is reached", least: 0, defaults.Warmup);
        var rate = new Option<float>("--learning-rate") { Description = "The highest learning rate", HelpName = "N", DefaultValueFactory = _ => defaults.LearningRate };
        var loss = new Option<string>("--loss") { Description = "What is made small; auto chooses by the data", DefaultValueFactory = _ => "auto" };
        loss.AcceptOnlyFromAmong([.. Losses.Keys]);
        Option<int> seed = NumberOption.Whole("--seed", "Decides every random choice", least: 0, (int)defaults.Seed);
        var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint in the output folder" };
        var command = new Verb("train", "Teach a static model your own texts; the result is a model folder that every command takes.")
        {
            Arguments = { pairs },
            Options = { output, data, epochs, batch, warmup, rate, loss, seed, resume },
            Examples =
            [
                ("sextant train pairs.jsonl -o my-model", "fine-tunes sextant-small and measures it on held-out pairs"),
                ("sextant train pairs.tsv --model my-model -o my-model-2 --epochs 5", "goes on from a model folder"),
                ("sextant search docs.sextant \"a question\" --model ./my-model", "uses it"),
            ],
        };
        command.SetAction((parsed, cancellationToken) => ProgressLine.RunAsync(shell, "training", line => Task.Run(() =>
        {
            string[] files = parsed.GetRequiredValue(pairs);
            string folder = parsed.GetRequiredValue(output);
            var run = new TrainingRunOptions
            {
                Resume = parsed.GetValue(resume),
                Progress = new EpochReport(shell, line),
                Log = shell.Detail,
            };
            if (files is [string recipe] && Path.GetExtension(recipe) is ".json")
            {
                string source = parsed.GetValue(data) ?? throw new InputException("a recipe needs --data DIR, the folder with its files");
                WriteRecipe(shell, folder, RecipeTrainer.Train(StaticModelRecipe.Load(recipe), source, folder, run, cancellationToken));
                return ExitCode.Done;
            }
            FineTuningOptions options = defaults with
            {
                Epochs = parsed.GetValue(epochs),
                Batch = parsed.GetValue(batch),
                Warmup = parsed.GetValue(warmup),
                LearningRate = parsed.GetValue(rate),
                Loss = Losses[parsed.GetRequiredValue(loss)],
                Seed = (ulong)parsed.GetValue(seed),
            };
            string start = parsed.GetValue(CommonOptions.Model) ?? StaticModelProvider.BuiltInModel;
            WriteFineTuning(shell, folder, FineTuner.Train(files, start, folder, options, run, cancellationToken));
            return ExitCode.Done;
        }, cancellationToken)));
        return command;
    }

    private static void WriteRecipe(Shell shell, string folder, RecipeReport report)
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
        shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{folder}: {report.Pairs:N0} pairs, {report.HeldBackPairs:N0} held back, {report.Tokens:N0} tokens, loss {report.Loss:F4}, {report.Duration.TotalSeconds:F0} s"));
    }

    private static void WriteFineTuning(Shell shell, string folder, FineTuningReport report)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("output", folder);
                json.WriteNumber("pairs", report.TrainingPairs);
                json.WriteNumber("held_out", report.After.Pairs);
                json.WriteString("before", report.Before.ToString());
                json.WriteString("after", report.After.ToString());
                json.WriteNumber("loss", Math.Round(report.Loss, 6));
            });
            return;
        }
        shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: trained on {report.TrainingPairs:N0} pairs, measured on {report.After.Pairs:N0} others"));
        shell.Out.WriteLine($"  before  {report.Before}");
        shell.Out.WriteLine($"  after   {report.After}");
    }

    /// <summary>Moves the progress line, and writes a line of results at the end of each epoch.</summary>
    private sealed class EpochReport(Shell shell, ProgressLine line) : IProgress<TrainingProgress>
    {
        private TrainingProgress _last;

        public void Report(TrainingProgress value)
        {
            line.Report($"epoch {value.Pass}, loss {value.Loss:F4}, step", value.Step, value.TotalSteps);
            if (value.Pass != _last.Pass && _last.Pass > 0)
                Write(_last);
            if (value.Step == value.TotalSteps)
                Write(value);
            _last = value;
        }

        private void Write(TrainingProgress at)
        {
            if (shell.Json)
            {
                shell.Out.WriteJson(json =>
                {
                    json.WriteNumber("epoch", at.Pass);
                    json.WriteNumber("step", at.Step);
                    json.WriteNumber("loss", Math.Round(at.Loss, 6));
                    json.WriteNumber("pairs_per_second", Math.Round(at.PairsPerSecond));
                });
                return;
            }
            shell.Note(string.Create(CultureInfo.InvariantCulture, $"epoch {at.Pass}: loss {at.Loss:F4}, {at.PairsPerSecond:N0} pairs/s"));
        }
    }
}
