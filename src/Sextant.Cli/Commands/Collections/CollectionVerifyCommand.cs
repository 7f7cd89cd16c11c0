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
        var recall = new Option<bool>("--recall")
        {
            Description = "Measure recall: the share of the true nearest neighbors that a search finds",
        };
        Option<int> samples = NumberOption.Whole("--samples", "Stored vectors to measure recall with", least: 1, byDefault: 200);
        Option<int> k = NumberOption.Whole("-k", "Results per query when measuring recall", least: 1, byDefault: 10);
        var repair = new Option<bool>("--repair") { Description = "Repair the graph, and report what was repaired" };
        Option<float?> target = NumberOption.Between(
            "--target-recall",
            "Find the lowest efSearch that reaches this recall, and save it in the collection",
            0.01f,
            1
        );
        var command = new Verb("verify", "Check every document, vector and link of a collection; exit with 1 if any is damaged.")
        {
            Arguments = { collection },
            Options = { recall, samples, k, repair, target },
            Examples =
            [
                ("sextant collection verify faq.sextant", "prints ok, or the problems found"),
                ("sextant collection verify faq.sextant --recall --samples 500", "measures recall with its confidence interval"),
                ("sextant collection verify faq.sextant --target-recall 0.99", "tunes later searches to this recall"),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using SemanticSearchEngine? opened = await OpenAsync(
                    parsed.GetRequiredValue(collection),
                    parsed,
                    shell,
                    cancellationToken
                );
                if (opened is not { } engine)
                    return ExitCode.Failed;
                Warnings.Show(shell, engine);
                IReadOnlyList<string> repairs = parsed.GetValue(repair) ? await engine.Maintenance.RepairAsync(cancellationToken) : [];
                CollectionVerification verification = await engine.Maintenance.VerifyAsync(cancellationToken);
                RecallReport? report = null;
                if (parsed.GetValue(target) is { } wanted)
                {
                    report = await engine.Maintenance.TuneEfSearchAsync(
                        wanted,
                        parsed.GetValue(k),
                        parsed.GetValue(samples),
                        cancellationToken
                    );
                }
                else if (parsed.GetValue(recall))
                {
                    report = await engine.Maintenance.MeasureRecallAsync(parsed.GetValue(k), parsed.GetValue(samples), cancellationToken);
                }

                VerificationReport.Write(shell, engine.Location, verification, repairs, report, tuned: parsed.GetValue(target) is not null);
                return verification.IsHealthy ? ExitCode.Done : ExitCode.Failed;
            }
        );
        return command;
    }

    // For a collection that is too damaged to open, the damaged documents are still listed.
    private static async Task<SemanticSearchEngine?> OpenAsync(
        string path,
        ParseResult parsed,
        Shell shell,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await SemanticSearchEngine.OpenAsync(path, ChosenModel.Engine(parsed, createIfMissing: false), cancellationToken);
        }
        catch (CollectionDamagedException) when (Directory.Exists(path))
        {
            CollectionVerification found = await CollectionMaintenance.VerifyAsync(path, cancellationToken);
            if (found.IsHealthy)
                throw;
            VerificationReport.Write(shell, path, found, [], null, tuned: false);
            return null;
        }
    }
}
