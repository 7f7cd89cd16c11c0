using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Search;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant collection reembed</c>: moves a collection to another model, and back.</summary>
internal static class CollectionReembedCommand
{
    public static Verb Create(Shell shell)
    {
        var collection = new Argument<string>("COLLECTION") { Description = "The collection: a folder, or postgres://user@host/database#collection" };
        Option<Overflow?> overflow = PaidRun.LongTexts(Overflow.Chunk);
        Option<float?> maxCost = PaidRun.MaxCost();
        var rollback = new Option<bool>("--rollback") { Description = "Go back to the model before; what was written since then is embedded for it" };
        var dropOld = new Option<bool>("--drop-old") { Description = "Forget the vectors of the model before" };
        var abandon = new Option<bool>("--abandon") { Description = "Give up a move that is unfinished, and forget its vectors" };
        var command = new Verb("reembed", "Move a collection to another model; the old vectors serve until all new ones are there.")
        {
            Arguments = { collection },
            Options = { overflow, maxCost, rollback, dropOld, abandon },
            AfterInterrupt = "interrupted; what was stored is kept, and running the same command again continues from there",
            Examples =
            [
                ("sextant collection reembed faq.sextant --model openai:text-embedding-3-small --max-cost 1", "interrupted, it goes on where it stopped"),
                ("sextant collection reembed faq.sextant --rollback", "back to the vectors before, which are kept"),
                ("sextant collection reembed faq.sextant --drop-old", "until they are dropped"),
            ],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool back = parsed.GetValue(rollback), drop = parsed.GetValue(dropOld), giveUp = parsed.GetValue(abandon);
            string? model = parsed.GetValue(CommonOptions.Model);
            RequireOne(model ?? (parsed.GetValue(CommonOptions.Dimensions) is null ? null : ""), back, drop, giveUp);
            long began = TimeProvider.System.GetTimestamp();
            SemanticSearchEngineOptions options = ChosenModel.Engine(parsed, createIfMissing: false, parsed.GetValue(overflow) ?? Overflow.Chunk);
            // The collection is opened as what it is; --model and --dimensions are of what it is to become.
            await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(parsed.GetRequiredValue(collection),
                options with { Model = null, Pipeline = options.Pipeline! with { Dimensions = null } }, cancellationToken);
            Notices.Show(shell, engine);
            if (drop || giveUp)
            {
                await (drop ? engine.Maintenance.DropPreviousModelAsync(cancellationToken) : engine.Maintenance.AbandonReembeddingAsync(cancellationToken));
                WriteDropped(shell, engine);
                return ExitCode.Done;
            }

            options = options with { Model = model ?? engine.Model.Name };
            if (!back) await TellCostAsync(shell, engine, options, parsed.GetValue(maxCost), cancellationToken);
            ReembeddingResult result = await ProgressLine.RunAsync(shell, "embedding", line =>
            {
                Relay<ReembeddingProgress> progress = new(now => line.Report(now.BuildsIndex ? "building the index over" : "embedding", now.Done, now.BuildsIndex ? null : now.Total));
                return back
                    ? engine.Maintenance.RestorePreviousModelAsync(null, progress, cancellationToken)
                    : engine.Maintenance.ReembedAsync(options, progress, cancellationToken);
            });
            Write(shell, engine, result, TimeProvider.System.GetElapsedTime(began));
            return ExitCode.Done;
        });
        return command;
    }

    private static void RequireOne(string? model, bool back, bool drop, bool giveUp)
    {
        int given = (model is null ? 0 : 1) + (back ? 1 : 0) + (drop ? 1 : 0) + (giveUp ? 1 : 0);
        if (given == 0) throw new InputException("name the model to move to with --model (or say --rollback, --drop-old or --abandon)");
        if (given > 1) throw new InputException("--model, --rollback, --drop-old and --abandon each say something else; give one of them");
    }

    private static async Task TellCostAsync(
        Shell shell, SemanticSearchEngine engine, SemanticSearchEngineOptions options, float? most, CancellationToken cancellationToken)
    {
        using EmbeddingCostEstimator estimator = await ChosenModel.CountingRegistry.OpenCostEstimatorAsync(
            options.Model!, options.Pipeline, cancellationToken);
        // What costs nothing is not read twice.
        if (most is null && !estimator.IsPaidFor) return;
        await foreach (string[] batch in engine.Maintenance.ListTextsToReembedAsync(cancellationToken).Chunk(PaidRun.BatchSize).WithCancellation(cancellationToken))
            await estimator.AddAsync(batch, EmbeddingRole.Document, cancellationToken);
        EmbeddingCost cost = estimator.Total;
        if (most is { } limit) PaidRun.Require(cost, limit);
        shell.Note(string.Create(CultureInfo.InvariantCulture,
            $"{cost.Texts:N0} texts to embed, {(cost.IsExact ? "" : "about ")}{cost.Tokens:N0} tokens in {cost.Requests:N0} requests, {UsageNote.Dollars(cost.Usd)}"));
    }

    private static void WriteDropped(Shell shell, SemanticSearchEngine engine)
    {
        if (shell.Json)
            shell.Out.WriteJson(json =>
            {
                json.WriteString("collection", engine.Path);
                json.WriteString("model", engine.Model.Name);
            });
        else
            shell.Out.WriteLine($"{engine.Path}: only the vectors of {engine.Model.Name} are kept; sextant collection compact gives back the room of the others");
    }

    private static void Write(Shell shell, SemanticSearchEngine engine, ReembeddingResult result, TimeSpan took)
    {
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("collection", engine.Path);
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
        shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{engine.Path}: {result.From.Name} → {result.To.Name}, {result.To.Dimensions} dimensions: {result.Documents:N0} documents, {result.Embedded:N0} embedded, "
            + $"{result.Kept:N0} vectors there already, {took.TotalSeconds:F1} s; the vectors of {result.From.Name} are kept for --rollback"));
    }
}
