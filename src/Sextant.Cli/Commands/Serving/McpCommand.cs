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
            Description = "The folder or database with the collections",
            HelpName = "DIR",
            DefaultValueFactory = _ => ".",
        };
        var writes = new Option<bool>("--allow-writes") { Description = "Let agents add and replace documents (the tool add_documents)" };
        Option<string?> rerankers = ServeCommand.Rerankers();
        var command = new Verb("mcp", "Serve collections to agents (Model Context Protocol, over stdin and stdout).")
        {
            Options = { writes, collections, rerankers },
            EndsByInterrupt = true,
            Examples =
            [
                ("sextant mcp --collections ./collections", "serves one agent over standard input and output"),
                ("claude mcp add docs -- sextant mcp --collections ~/collections", "registers it with an agent"),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                ServerOptions options = new()
                {
                    Collections = parsed.GetRequiredValue(collections),
                    Rerankers =
                        parsed.GetValue(rerankers)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                        ?? [],
                    CollectionProviders = ChosenModel.Collections,
                    AllowAgentWrites = parsed.GetValue(writes),
                };
                await McpService.RunAsync(options, ChosenModel.Registry, cancellationToken);
                return ExitCode.Done;
            }
        );
        return command;
    }
}
