using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Evaluation;
using Sextant.Evaluation.Data;
using Sextant.Evaluation.Report;
using Sextant.Models;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant evaluate</c>: models measured on tasks, in one table.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Shell shell)
    {
        var tasks = new Argument<string[]>("TASK-OR-DIR")
        {
            Description = "Tasks by name, data sets of the Hugging Face hub (mteb/scifact), or files and folders; without any, and without --pairs, all that lie in the data folder",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var models = new Option<string[]>("--model", "-m")
        {
            Description = "A model to measure; may be given several times [default: sextant-small]",
            HelpName = "NAME",
        };
        var dimensions = new Option<string?>("--dimensions")
        {
            Description = "Lengths to cut vectors to, with commas between [default: the model's own; with --pairs all it was made for]",
            HelpName = "N,N…",
        };
        var storage = new Option<string?>("--storage")
        {
            Description = "How vectors are kept, with commas between: float32, int8, int4, bit [default: float32]",
            HelpName = "KIND,KIND…",
        };
        var pairs = new Option<string[]>("--pairs")
        {
            Description = "Your own pairs of question and answer (.csv, .tsv, .jsonl): is each answer found by its question?",
            HelpName = "FILE",
        };
        var rerank = new Option<string?>("--rerank")
        {
            Description = "Measure searches too, on retrieval tasks: by words, by meaning, by both, and each with its candidates ordered by this model",
            HelpName = "MODEL",
        };
        Option<int?> candidates = SearchStageOptions.Candidates();
        var data = new Option<string?>("--data") { Description = "Where the data sets of named tasks lie [default: $SEXTANT_DATA]", HelpName = "DIR" };
        var report = new Option<string?>("--report") { Description = "Write an HTML page with the table, plots and paired tests", HelpName = "FILE" };
        var output = new Option<string?>("--output", "-o") { Description = "Write a result file for each model and task, in MTEB's form", HelpName = "DIR" };
        var command = new Verb("evaluate", "Measure models on public tasks and on your own pairs, in one table.")
        {
            Arguments = { tasks },
            Options = { models, dimensions, storage, pairs, rerank, candidates, data, report, output },
            Examples =
            [
                ("sextant evaluate --pairs faq.csv --model sextant-small --model ./my-model", "says which model to take for your questions, and at which length"),
                ("sextant evaluate stsbenchmark scifact --data ~/data", "measures the built-in model on data sets as their publishers released them"),
                ("sextant evaluate ./my-beir-folder --dimensions 256,128,64 --storage float32,int4,bit --report report.html", "shows what shorter vectors cost"),
                ("sextant evaluate scifact --data ~/data --rerank all-MiniLM-L6-v2", "shows what a second stage gains, and the time it takes"),
            ],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] files = parsed.GetValue(pairs) ?? [];
            var plan = new EvaluationPlan
            {
                Sources = await SourcesAsync(parsed.GetValue(tasks) ?? [], files, parsed.GetValue(data) ?? Environment.GetEnvironmentVariable("SEXTANT_DATA"), cancellationToken),
                Models = parsed.GetValue(models) is { Length: > 0 } given ? [.. given.Distinct()] : [StaticModelProvider.BuiltInModel],
                Dimensions = EvaluationPlan.ParseDimensions(parsed.GetValue(dimensions)),
                EveryLength = files.Length > 0,
                Storage = EvaluationPlan.ParseStorage(parsed.GetValue(storage)),
                Pipeline = ChosenModel.Pipeline(parsed),
                Rerank = parsed.GetValue(rerank),
                Candidates = parsed.GetValue(candidates),
            };
            plan.Check();
            (IReadOnlyList<EvaluationResult> results, IReadOnlyList<SearchEvaluationResult> searches) = await plan.RunAsync(shell, cancellationToken);
            IReadOnlyList<EvaluationRow> rows = EvaluationRow.Of(results);
            if (parsed.GetValue(output) is { } folder) MtebFiles.Write(folder, results);
            if (parsed.GetValue(report) is { } page) HtmlReport.Write(page, rows);
            EvaluationView.Write(shell, rows);
            SearchEvaluationView.Write(shell, searches);
            if (files.Length > 0 && plan.Models is [StaticModelProvider.BuiltInModel]) shell.Note($"note: {StrongerModel.Advice}");
            return ExitCode.Done;
        });
        return command;
    }

    public static async Task<TaskSource[]> SourcesAsync(string[] tasks, string[] pairs, string? folder, CancellationToken cancellationToken)
    {
        if (tasks.Length + pairs.Length == 0 && folder is null)
            throw new InputException("nothing to measure with: name a task or a folder, give --pairs, or say with --data (or SEXTANT_DATA) where data sets lie");
        List<TaskSource> sources = [];
        if (tasks.Length + pairs.Length == 0) sources.AddRange(TaskFinder.Find(folder!, folder));
        foreach (string task in tasks)
        {
            if (HubTasks.IsName(task)) sources.Add(await HubTasks.OpenAsync(task, ChosenModel.Hub, cancellationToken));
            else sources.AddRange(TaskFinder.Find(task, folder));
        }

        sources.AddRange(pairs.Select(PairsFile.Open));
        string? twice = sources.GroupBy(static source => source.Name).FirstOrDefault(static group => group.Count() > 1)?.Key;
        return twice is null ? [.. sources] : throw new InputException($"two tasks are called '{twice}'; rename the file or folder of one, or leave one out");
    }
}
