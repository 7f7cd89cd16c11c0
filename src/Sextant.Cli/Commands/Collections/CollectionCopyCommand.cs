using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Search;

namespace Sextant.Cli.Commands.Collections;

/// <summary><c>sextant collection copy</c>: moves a collection between folders and databases.</summary>
internal static class CollectionCopyCommand
{
    public static Verb Create(Shell shell)
    {
        var from = new Argument<string>("SRC") { Description = "A collection: a folder, or postgres://user@host/database#collection" };
        var to = new Argument<string>("DST") { Description = "The location of the copy; an interrupted copy resumes where it stopped" };
        var command = new Verb("copy", "Copy a collection to or from a database without embedding it again.")
        {
            Arguments = { from, to },
            AfterInterrupt = "interrupted; stored documents are kept; run the same command again to continue",
            Examples =
            [
                (
                    "sextant collection copy faq.sextant \"postgres://me@localhost/app#faq\"",
                    "copies it to PostgreSQL; the password comes from PGPASSWORD"
                ),
                ("sextant collection copy \"postgres://me@localhost/app#faq\" faq.sextant", "copies it back to a folder"),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                long began = TimeProvider.System.GetTimestamp();
                await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
                    parsed.GetRequiredValue(from),
                    ChosenModel.Engine(parsed, createIfMissing: false),
                    cancellationToken
                );
                Warnings.Show(shell, engine);
                CopyResult result = await ProgressLine.RunAsync(
                    shell,
                    "copying",
                    line =>
                        engine.Maintenance.CopyToAsync(
                            parsed.GetRequiredValue(to),
                            new Relay<CopyProgress>(now => line.Report("copying", now.Done, now.Total)),
                            cancellationToken
                        )
                );
                Write(shell, engine.Location, result, TimeProvider.System.GetElapsedTime(began));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Write(Shell shell, string from, CopyResult result, TimeSpan took)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("from", from);
                json.WriteString("to", result.Location);
                json.WriteNumber("documents", result.Documents);
                json.WriteNumber("copied", result.Copied);
                json.WriteNumber("skipped", result.AlreadyThere);
                json.WriteNumber("compared", result.Compared);
                json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
            });
            return;
        }
        shell.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{from} → {result.Location}: {result.Copied:N0} copied, {result.AlreadyThere:N0} already there; {result.Documents:N0} "
                    + $"in both, {result.Compared} compared, {took.TotalSeconds:F1} s"
            )
        );
    }
}
