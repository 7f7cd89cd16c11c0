using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Server;

namespace Sextant.Cli.Commands.Serving;

/// <summary><c>sextant serve</c>: the HTTP service and the web page.</summary>
internal static class ServeCommand
{
    // Longer than the service gives its requests to finish and its collections to be written.
    private static readonly TimeSpan GraceAfterInterrupt = TimeSpan.FromMinutes(2);

    public static Command Create(Shell shell)
    {
        var collections = new Option<string?>("--collections")
        {
            Description = "The folder or database with the collections [default: .]",
            HelpName = "DIR",
        };
        var urls = new Option<string?>("--urls")
        {
            Description = "The addresses to listen on [default: http://127.0.0.1:5080]",
            HelpName = "URLS",
        };
        var create = new Option<bool>("--create") { Description = "Create the folder of --collections if it does not exist" };
        var readOnly = new Option<bool>("--read-only") { Description = "Reject all changes, and never write to the collections" };
        var writes = new Option<bool>("--allow-agent-writes")
        {
            Description = "Let agents at /mcp add and replace documents, with a key that may write",
        };
        var backup = new Option<string?>("--backup")
        {
            Description = "Back up and verify the collections on schedule, such as \"daily keep 7 to DIR\" (hourly, daily, weekly)",
            HelpName = "SCHEDULE",
        };
        Option<string?> rerankers = Rerankers();
        var command = new Verb("serve", "Serve collections and embeddings over HTTP, with a web page.")
        {
            Options = { writes, backup, collections, create, readOnly, rerankers, urls },
            Grace = GraceAfterInterrupt,
            EndsByInterrupt = true,
            Examples =
            [
                ("sextant serve", "serves the collections in this folder at http://127.0.0.1:5080"),
                ("sextant serve --collections ./collections --urls http://127.0.0.1:8080", "serves another folder, at another address"),
                ("sextant serve --collections postgres://me@db.example/app", "serves the collections of a database"),
                (
                    "sextant serve --backup \"daily keep 7 to /backups\"",
                    "backs up every collection once a day, and keeps seven backups of each"
                ),
                (
                    "SEXTANT_API_KEYS=$(openssl rand -hex 32) sextant serve --urls http://0.0.0.0:5080",
                    "serves other machines; requests need the key"
                ),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                Dictionary<string, string?> settings = [];
                if (
                    parsed.GetValue(collections) is { } named
                    && !parsed.GetValue(create)
                    && !ChosenModel.IsElsewhere(named)
                    && !Directory.Exists(named)
                )
                {
                    throw new InputException($"{named}: no such folder; check the name, or add --create to create it");
                }

                if (parsed.GetValue(create))
                    Set("CreateFolder", "true");
                if (parsed.GetValue(readOnly))
                    Set("ReadOnly", "true");
                if (parsed.GetValue(writes))
                    Set("AllowAgentWrites", "true");
                Set("Backup", parsed.GetValue(backup));
                Set("Collections", parsed.GetValue(collections));
                Set("Urls", parsed.GetValue(urls));
                Set("Models", parsed.GetValue(CommonOptions.Model));
                Set("Rerankers", parsed.GetValue(rerankers));
                await SextantServer.RunAsync(
                    settings,
                    ChosenModel.Registry,
                    ChosenModel.Collections,
                    addresses => Announce(shell, addresses),
                    cancellationToken
                );
                return ExitCode.Done;

                void Set(string name, string? value)
                {
                    if (value is not null)
                        settings[$"Sextant:{name}"] = value;
                }
            }
        );
        return command;
    }

    /// <summary>Which models searches may name, for every way of serving them.</summary>
    public static Option<string?> Rerankers() =>
        new("--rerankers")
        {
            Description = "Models that searches may rerank with, separated by commas, in addition to --model",
            HelpName = "MODELS",
        };

    private static void Announce(Shell shell, IReadOnlyCollection<string> addresses)
    {
        foreach (string address in addresses)
        {
            if (shell.Json)
                shell.Out.WriteJson(json => json.WriteString("url", address));
            else
                shell.Out.WriteLine($"Sextant is at {address} (Ctrl-C stops it)");
        }

        shell.Out.Flush();
    }
}
