using System.CommandLine;
using Sextant.Cli.Commands.Collections;
using Sextant.Cli.Commands.Doctor;
using Sextant.Cli.Commands.Embedding;
using Sextant.Cli.Commands.Evaluation;
using Sextant.Cli.Commands.Indexing;
using Sextant.Cli.Commands.Models;
using Sextant.Cli.Commands.Plotting;
using Sextant.Cli.Commands.Search;
using Sextant.Cli.Commands.Serving;
using Sextant.Cli.Commands.Topics;
using Sextant.Cli.Commands.Training;
using Sextant.Cli.Terminal;

namespace Sextant.Cli.Commands;

/// <summary>Every command, in the order in which <c>--help</c> lists them.</summary>
internal static class CommandList
{
    private static readonly (string Name, Func<Shell, Command> Create)[] All =
    [
        ("search", SearchCommand.Create),
        ("index", IndexCommand.Create),
        ("embed", EmbedCommand.Create),
        ("similarity", SimilarityCommand.Create),
        ("evaluate", EvaluateCommand.Create),
        ("plot", PlotCommand.Create),
        ("cluster", ClusterCommand.Create),
        ("train", TrainCommand.Create),
        ("distill", DistillCommand.Create),
        ("models", ModelsCommand.Create),
        ("collection", CollectionCommand.Create),
        ("cost", CostCommand.Create),
        ("cache", CacheCommand.Create),
        ("serve", ServeCommand.Create),
        ("mcp", static _ => McpCommand.Create()),
        ("keys", KeysCommand.Create),
        ("doctor", DoctorCommand.Create),
    ];

    /// <summary>
    /// The commands that <paramref name="args"/> may mean. Creating a command takes time, so only those that are named are created; all of
    /// them where none is, or where help lists them.
    /// </summary>
    public static IEnumerable<Command> Create(Shell shell, IReadOnlyCollection<string> args)
    {
        (string Name, Func<Shell, Command> Create)[] named = args.Any(IsHelp)
            ? []
            : Array.FindAll(All, command => args.Contains(command.Name));
        return named.Length > 0 ? named.Select(command => command.Create(shell)) : CreateAll(shell);
    }

    /// <summary>All commands.</summary>
    public static IEnumerable<Command> CreateAll(Shell shell) => All.Select(command => command.Create(shell));

    private static bool IsHelp(string word) => word is "--help" or "-h" or "-?" or "/?" or "/h";
}
