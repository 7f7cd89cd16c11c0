using System.CommandLine;
using Sextant.Cli.Commands.Collections;
using Sextant.Cli.Commands.Embedding;
using Sextant.Cli.Commands.Evaluation;
using Sextant.Cli.Commands.Indexing;
using Sextant.Cli.Commands.Models;
using Sextant.Cli.Commands.Plotting;
using Sextant.Cli.Commands.Search;
using Sextant.Cli.Commands.Serving;
using Sextant.Cli.Commands.Training;
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
