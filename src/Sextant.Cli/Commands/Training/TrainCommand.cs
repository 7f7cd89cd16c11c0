using System.CommandLine;
using Microsoft.Extensions.AI;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Training.Adapters;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Training.Recipes;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands.Training;

/// <summary>
/// <c>sextant train</c>: fine-tunes a static model on pairs, trains an adapter over any other, or a model from scratch by a recipe.
/// </summary>
internal static class TrainCommand
{
    public static Command Create(Shell shell)
    {
        TrainSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction(
            (parsed, cancellationToken) =>
                ProgressLine.RunAsync(
                    shell,
                    "training",
                    line =>
                        Task.Run(
                            () => RunAsync(parsed, syntax.Read(parsed), shell, new TrainReport(shell, line), cancellationToken),
                            cancellationToken
                        )
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        TrainRequest request,
        Shell shell,
        TrainReport report,
        CancellationToken cancellationToken
    )
    {
        TrainingRunOptions run = request.Run with { Progress = report, EpochProgress = report, Warn = shell.Note, Log = shell.Detail };
        if (request.Recipe is { } recipe)
        {
            report.Finish(
                request.Output,
                await RecipeTrainer.TrainAsync(
                    StaticModelRecipe.Load(recipe),
                    request.DataFolder!,
                    request.Output,
                    (name, stop) =>
                        ChosenModel.Registry.OpenAsync(
                            name,
                            ChosenModel.Pipeline(parsed) with
                            {
                                Overflow = OverflowPolicy.Truncate,
                            },
                            stop
                        ),
                    run,
                    cancellationToken
                )
            );
            return ExitCode.Done;
        }

        request = request with { Settings = request.Settings with { Run = run } };
        string model = await ChosenModel.FolderOrNameAsync(parsed, cancellationToken);
        if (request.Adapter is { } kind)
        {
            report.Finish(request.Output, await AdaptAsync(parsed, request, kind, cancellationToken));
            return ExitCode.Done;
        }

        if (TransformerTraining.IsFor(model))
            return await TrainTransformerAsync(parsed, request, model, report, cancellationToken);
        if (request.Lora is not null)
            throw new InputException($"--lora needs a transformer, and '{model}' is not one; omit it, or train an adapter with --adapter");
        report.Finish(
            request.Output,
            await FineTuner.TrainAsync(PairCollection.FromFiles(request.Files), model, request.Output, request.Settings, cancellationToken)
        );
        return ExitCode.Done;
    }

    private static async Task<int> TrainTransformerAsync(
        ParseResult parsed,
        TrainRequest request,
        string model,
        TrainReport report,
        CancellationToken cancellationToken
    )
    {
        string device = parsed.GetRequiredValue(CommonOptions.Device);
        if (device is not ("cpu" or "cuda"))
            throw new InputException($"transformers train on cpu or cuda, not on '{device}'");
        if (TransformerTraining.Trainer is null)
            return await TransformerTraining.StartAsync(model, parsed, cancellationToken);
        report.Finish(
            request.Output,
            await TransformerTraining.Trainer(
                PairCollection.FromFiles(request.Files),
                model,
                request.Output,
                new TransformerSettings(request.Settings, request.Lora ?? 0, device),
                cancellationToken
            )
        );
        return ExitCode.Done;
    }

    private static async Task<FineTuningReport> AdaptAsync(
        ParseResult parsed,
        TrainRequest request,
        string kind,
        CancellationToken cancellationToken
    )
    {
        PairCollection pairs = PairCollection.FromFiles(request.Files);
        var options = new AdapterOptions(request.Settings)
        {
            Kind = kind == "mlp" ? AdapterKind.Mlp : AdapterKind.Linear,
            QueriesOnly = request.QueryOnly,
        };
        if (request.MaxCost is { } most)
        {
            PaidRun.Require(
                await PaidRun.EstimateAsync(
                    ChosenModel.Name(parsed),
                    ChosenModel.Pipeline(parsed) with
                    {
                        Overflow = OverflowPolicy.Truncate,
                    },
                    await AdapterTrainer.ReadTextsAsync(pairs, options, cancellationToken),
                    cancellationToken
                ),
                most
            );
        }

        using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.OpenAsync(
            parsed,
            OverflowPolicy.Truncate,
            cancellationToken
        );
        return await AdapterTrainer.TrainAsync(pairs, model, request.Output, options, cancellationToken);
    }
}
