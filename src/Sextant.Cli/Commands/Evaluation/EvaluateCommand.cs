using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Evaluation;
using Sextant.Evaluation.Data;
using Sextant.Evaluation.Report;
using Sextant.Models;

namespace Sextant.Cli.Commands.Evaluation;

/// <summary><c>sextant evaluate</c>: models measured on tasks, in one table.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Shell shell)
    {
        EvaluateSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, syntax.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, EvaluateRequest request, CancellationToken cancellationToken)
    {
        EvaluationPlan plan = request.Plan with
        {
            Sources = await SourcesAsync(request.Tasks, request.Pairs, request.DataFolder, cancellationToken),
        };
        plan.Check();
        (IReadOnlyList<EvaluationResult> results, IReadOnlyList<SearchEvaluationResult> searches) = await plan.RunAsync(
            shell,
            cancellationToken
        );
        IReadOnlyList<EvaluationRow> rows = EvaluationRow.Create(results);
        if (request.Output is { } folder)
            MtebFiles.Write(folder, results);
        if (request.Report is { } page)
            HtmlReport.Write(page, rows);
        EvaluationView.Write(shell, rows);
        SearchEvaluationView.Write(shell, searches);
        if (request.Pairs.Length > 0 && plan.Models is [StaticModelProvider.BuiltInModel])
            shell.Note($"note: {StrongerModel.Advice}");
        return ExitCode.Done;
    }

    public static async Task<TaskSource[]> SourcesAsync(string[] tasks, string[] pairs, string? folder, CancellationToken cancellationToken)
    {
        if (tasks.Length + pairs.Length == 0 && folder is null)
        {
            throw new InputException(
                "no tasks: name a task or a folder, add --pairs FILE, or set --data (or SEXTANT_DATA) to a folder of data sets"
            );
        }

        List<TaskSource> sources = [];
        if (tasks.Length + pairs.Length == 0)
            sources.AddRange(TaskFinder.Find(folder!, folder));
        foreach (string task in tasks)
        {
            if (HubTasks.IsName(task))
                sources.Add(await HubTasks.OpenAsync(task, ChosenModel.Hub, cancellationToken));
            else
                sources.AddRange(TaskFinder.Find(task, folder));
        }

        sources.AddRange(pairs.Select(PairsFile.Open));
        string? twice = sources.GroupBy(static source => source.Name).FirstOrDefault(static group => group.Count() > 1)?.Key;
        return twice is null
            ? [.. sources]
            : throw new InputException($"two tasks are named '{twice}'; rename the file or folder of one, or omit one");
    }
}
