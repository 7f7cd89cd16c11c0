using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.AI;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Evaluation;
using Sextant.Evaluation.Data;
using Sextant.Models;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant evaluate</c>: models measured on tasks, in one table.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Shell shell)
    {
        var tasks = new Argument<string[]>("TASK-OR-DIR")
        {
            Description = "Tasks by name, or folders with data sets; without any, all that lie in the data folder",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var models = new Option<string[]>("--model", "-m")
        {
            Description = "A model to measure; may be given several times [default: sextant-small]",
            HelpName = "NAME",
        };
        var data = new Option<string?>("--data")
        {
            Description = "Where the data sets of named tasks lie [default: $SEXTANT_DATA]",
            HelpName = "DIR",
        };
        var command = new Verb("evaluate", "Measure models on public tasks and on your own, in one table.")
        {
            Arguments = { tasks },
            Options = { models, data },
            Examples =
            [
                ("sextant evaluate stsbenchmark --data ~/data", "measures the built-in model on STS-B's original files"),
                ("sextant evaluate ./scifact --model sextant-small --model ./my-model", "compares two models on a folder in BEIR's form"),
            ],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? folder = parsed.GetValue(data) ?? Environment.GetEnvironmentVariable("SEXTANT_DATA");
            TaskSource[] sources = Sources(parsed.GetValue(tasks) ?? [], folder);
            string[] names = parsed.GetValue(models) is { Length: > 0 } given ? given : [StaticModelProvider.BuiltInModel];
            var results = new List<EvaluationResult>();
            foreach (string name in names)
            {
                using IEmbeddingGenerator<string, Embedding<float>> generator = await ChosenModel.Registry.OpenAsync(
                    name, ChosenModel.Pipeline(parsed) with { Dimensions = null, UseCache = false, Overflow = Overflow.Truncate }, cancellationToken);
                var model = new EvaluationModel(name, generator);
                foreach (TaskSource source in sources)
                    results.AddRange(await Evaluator.RunAsync(model, source, [new VectorShape()], cancellationToken: cancellationToken));
            }

            Write(shell, results);
            return ExitCode.Done;
        });
        return command;
    }

    private static TaskSource[] Sources(string[] tasks, string? folder)
    {
        if (tasks.Length > 0) return [.. tasks.SelectMany(task => TaskFinder.Find(task, folder))];
        return folder is not null
            ? [.. TaskFinder.Find(folder, folder)]
            : throw new InputException("name a task or a folder of data, or say with --data (or SEXTANT_DATA) where the data sets lie");
    }

    private static void Write(Shell shell, List<EvaluationResult> results)
    {
        string[] tasks = [.. results.Select(result => result.Task).Distinct()];
        var table = new ReportTable(["model", "dims", .. tasks, "mean", "texts/s"]);
        foreach (var row in results.GroupBy(result => (result.Model, result.Dimensions, result.Storage)))
        {
            string[] cells = [.. tasks.Select(task => Percent(row.First(result => result.Task == task).Main))];
            double seconds = row.Sum(result => result.EmbeddingSeconds);
            table.Add([row.Key.Model, row.Key.Dimensions.ToString(CultureInfo.InvariantCulture), .. cells,
                Percent(row.Average(result => result.Main)),
                seconds > 0 ? (row.Sum(result => result.Texts) / seconds).ToString("F0", CultureInfo.InvariantCulture) : ""]);
        }

        table.Write(shell.Out);
    }

    private static string Percent(double score) => (100 * score).ToString("F2", CultureInfo.InvariantCulture);
}
