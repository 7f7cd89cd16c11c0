using System.CommandLine;
using Sextant.Cli.Terminal;

namespace Sextant.Cli.Commands;

/// <summary>Every command, in the order in which <c>--help</c> lists them.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> Create(Shell shell) =>
    [
        SearchCommand.Create(shell),
        IndexCommand.Create(shell),
        EmbedCommand.Create(shell),
        SimilarityCommand.Create(shell),
        EvaluateCommand.Create(shell),
        PlotCommand.Create(shell),
        TrainCommand.Create(shell),
        DistillCommand.Create(shell),
        ModelsCommand.Create(shell),
        CollectionCommand.Create(shell),
        CostCommand.Create(shell),
        CacheCommand.Create(shell),
        ServeCommand.Create(shell),
        McpCommand.Create(),
    ];
}
