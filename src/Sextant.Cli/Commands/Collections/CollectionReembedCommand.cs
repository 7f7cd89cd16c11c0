using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Search;

namespace Sextant.Cli.Commands.Collections;

/// <summary><c>sextant collection reembed</c>: moves a collection to another model, and back.</summary>
internal static class CollectionReembedCommand
{
    public static Verb Create(Shell shell)
    {
        ReembedSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, syntax.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, ReembedRequest request, CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        // The collection is opened as what it is; --model and --dimensions are of what it is to become.
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            request.Collection,
            request.Engine with
            {
                Model = null,
                Pipeline = request.Engine.Pipeline! with { Dimensions = null },
            },
            cancellationToken
        );
        Warnings.Show(shell, engine);
        if (request.Work is ReembedWork.DropPrevious or ReembedWork.Abandon)
        {
            await (
                request.Work is ReembedWork.DropPrevious
                    ? engine.Maintenance.DropPreviousModelAsync(cancellationToken)
                    : engine.Maintenance.AbandonReembeddingAsync(cancellationToken)
            );
            WriteDropped(shell, engine);
            return ExitCode.Done;
        }

        bool rollsBack = request.Work is ReembedWork.RollBack;
        SemanticSearchEngineOptions options = request.Engine with { Model = request.Model ?? engine.Model.Name };
        if (!rollsBack)
            await TellCostAsync(shell, engine, options, request.MaxCost, cancellationToken);
        ReembeddingResult result = await ProgressLine.RunAsync(
            shell,
            "embedding",
            line =>
            {
                Relay<ReembeddingProgress> progress = new(now =>
                    line.Report(now.BuildsIndex ? "building the index over" : "embedding", now.Done, now.BuildsIndex ? null : now.Total)
                );
                return rollsBack
                    ? engine.Maintenance.RestorePreviousModelAsync(null, progress, cancellationToken)
                    : engine.Maintenance.ReembedAsync(options, progress, cancellationToken);
            }
        );
        Write(shell, engine, result, TimeProvider.System.GetElapsedTime(began));
        return ExitCode.Done;
    }

    private static async Task TellCostAsync(
        Shell shell,
        SemanticSearchEngine engine,
        SemanticSearchEngineOptions options,
        float? most,
        CancellationToken cancellationToken
    )
    {
        using EmbeddingCostEstimator estimator = await ChosenModel.CountingRegistry.OpenCostEstimatorAsync(
            options.Model!,
            options.Pipeline,
            cancellationToken
        );
        // Texts are not read twice if embedding them is free.
        if (most is null && !estimator.IsPaidFor)
            return;
        await foreach (
            string[] batch in engine
                .Maintenance.ListTextsToReembedAsync(cancellationToken)
                .Chunk(PaidRun.BatchSize)
                .WithCancellation(cancellationToken)
        )
        {
            await estimator.AddAsync(batch, EmbeddingRole.Document, cancellationToken);
        }

        EmbeddingCost cost = estimator.Total;
        if (most is { } limit)
            PaidRun.Require(cost, limit);
        shell.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{cost.Texts:N0} texts to embed, {(cost.IsExact ? "" : "about ")}{cost.Tokens:N0} tokens in {cost.Requests:N0} "
                    + $"requests, {UsageNote.Dollars(cost.Usd)}"
            )
        );
    }

    private static void WriteDropped(Shell shell, SemanticSearchEngine engine)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("collection", engine.Location);
                json.WriteString("model", engine.Model.Name);
            });
        }
        else
        {
            shell.Out.WriteLine(
                $"{engine.Location}: only the vectors of {engine.Model.Name} are kept; sextant collection compact reclaims the space of "
                    + $"the others"
            );
        }
    }

    private static void Write(Shell shell, SemanticSearchEngine engine, ReembeddingResult result, TimeSpan took)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("collection", engine.Location);
                json.WriteString("from", result.From.Name);
                json.WriteString("model", result.To.Name);
                json.WriteNumber("dimensions", result.To.Dimensions);
                json.WriteNumber("documents", result.Documents);
                json.WriteNumber("embedded", result.Embedded);
                json.WriteNumber("kept", result.Kept);
                json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
            });
            return;
        }
        shell.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{engine.Location}: {result.From.Name} → {result.To.Name}, {result.To.Dimensions} dimensions: {result.Documents:N0} "
                    + $"documents, {result.Embedded:N0} embedded, "
                    + $"{result.Kept:N0} vectors reused, {took.TotalSeconds:F1} s; the vectors of {result.From.Name} are kept for "
                    + $"--rollback"
            )
        );
    }
}
