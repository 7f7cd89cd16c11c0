using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Search;

namespace Sextant.Cli.Commands.Collections;

/// <summary><c>sextant collection verify</c>: checks a collection, measures and repairs its graph.</summary>
internal static class CollectionVerifyCommand
{
    public static Command Create(Shell shell)
    {
        var collection = new Argument<string>("COLLECTION") { Description = "The collection" };
        var recall = new Option<bool>("--recall") { Description = "Measure how many of the true nearest a search finds, with stored vectors as queries" };
        Option<int> samples = NumberOption.Whole("--samples", "How many queries measure it", least: 1, byDefault: 200);
        Option<int> k = NumberOption.Whole("-k", "How many nearest each asks for", least: 1, byDefault: 10);
        var repair = new Option<bool>("--repair") { Description = "Mend the graph where something is wrong, and say what was done" };
        Option<float?> target = NumberOption.Between("--target-recall", "Find the least efSearch that gives this recall, and keep it for later searches", 0.01f, 1);
        var command = new Verb("verify", "Check every document, vector and link of a collection; exit code 1 when something is wrong.")
        {
            Arguments = { collection },
            Options = { recall, samples, k, repair, target },
            Examples =
            [
                ("sextant collection verify faq.sextant", "says ok, or what is wrong"),
                ("sextant collection verify faq.sextant --recall --samples 500", "how much a search finds, with its interval"),
                ("sextant collection verify faq.sextant --target-recall 0.99", "searches just as widely as that takes, from now on"),
            ],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using SemanticSearchEngine? opened = await OpenAsync(parsed.GetRequiredValue(collection), parsed, shell, cancellationToken);
            if (opened is not { } engine) return ExitCode.Failed;
            Notices.Show(shell, engine);
            IReadOnlyList<string> repairs = parsed.GetValue(repair) ? await engine.Maintenance.RepairAsync(cancellationToken) : [];
            CollectionVerification verification = await engine.Maintenance.VerifyAsync(cancellationToken);
            RecallReport? report = null;
            if (parsed.GetValue(target) is { } wanted)
                report = await engine.Maintenance.TuneAsync(wanted, parsed.GetValue(k), parsed.GetValue(samples), cancellationToken);
            else if (parsed.GetValue(recall))
                report = await engine.Maintenance.MeasureRecallAsync(parsed.GetValue(k), parsed.GetValue(samples), cancellationToken);
            VerificationReport.Write(shell, engine.Path, verification, repairs, report, tuned: parsed.GetValue(target) is not null);
            return verification.IsHealthy ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    // For a collection that is too damaged to open, the damaged documents are still listed.
    private static async Task<SemanticSearchEngine?> OpenAsync(string path, ParseResult parsed, Shell shell, CancellationToken cancellationToken)
    {
        try
        {
            return await SemanticSearchEngine.OpenAsync(path, ChosenModel.Engine(parsed, createIfMissing: false), cancellationToken);
        }
        catch (CollectionDamagedException) when (Directory.Exists(path))
        {
            CollectionVerification found = await CollectionMaintenance.VerifyAsync(path, cancellationToken);
            if (found.IsHealthy) throw;
            VerificationReport.Write(shell, path, found, [], null, tuned: false);
            return null;
        }
    }
}
