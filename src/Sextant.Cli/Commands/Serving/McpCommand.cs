using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Server;
using Sextant.Server.Mcp;

namespace Sextant.Cli.Commands.Serving;

/// <summary><c>sextant mcp</c>: the collections as tools for an agent, over standard input and output.</summary>
internal static class McpCommand
{
    public static Command Create()
    {
        var collections = new Option<string>("--collections")
        {
            Description = "The folder, or the database, that holds the collections [default: this folder]",
            HelpName = "DIR",
            DefaultValueFactory = _ => ".",
        };
        Option<string?> rerankers = ServeCommand.Rerankers();
        var command = new Verb("mcp", "Offer the collections to an agent as tools (Model Context Protocol, over stdin and stdout).")
        {
            Options = { collections, rerankers },
            EndsByInterrupt = true,
            Examples =
            [
                ("sextant mcp --collections ./collections", "waits for an agent on its standard input"),
                ("claude mcp add docs -- sextant mcp --collections ~/collections", "how an agent is told of it"),
            ],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ServerOptions options = new()
            {
                Collections = parsed.GetRequiredValue(collections),
                Rerankers = parsed.GetValue(rerankers)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
                Providers = ChosenModel.Collections,
            };
            await McpService.RunAsync(options, ChosenModel.Registry, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
