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

namespace Sextant.Cli.Commands;

/// <summary><c>sextant train</c>: fine-tunes a static model on pairs, trains an adapter over any other, or a model from scratch by a recipe.</summary>
internal static class TrainCommand
{
    public static Command Create(Shell shell)
    {
        var pairs = new Argument<string[]>("PAIRS")
        {
            Description = "Files of pairs, triplets or scored pairs (.parquet, or .jsonl .csv .tsv, also .gz), or one recipe.json to train from scratch",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o") { Description = "The new model's folder", HelpName = "DIR", Required = true };
        Option<string?> adapter = ChoiceOption.Create(
            "--adapter", "Leave the model as it is and train a map over its vectors: linear, or mlp with two layers", "linear", "mlp");
        var queryOnly = new Option<bool>("--query-only") { Description = "Let the adapter change queries alone, so that indexes stay good" };
        Option<float?> maxCost = PaidRun.MaxCost();
        var data = new Option<string?>("--data") { Description = "The folder with the files that a recipe names", HelpName = "DIR" };
        Option<int> checkpoint = NumberOption.Whole("--checkpoint", "Steps between checkpoints; 0 for none", least: 0, new TrainingRunOptions().CheckpointSteps);
        var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint in the output folder" };
        Option<int?> lora = NumberOption.Whole("--lora", "Train changes of this rank of a transformer's attention, instead of all its weights", least: 1);
        var settings = new TrainOptions();
        var command = new Verb("train", "Teach a model your own texts; the result is a model folder that every command takes.")
        {
            Arguments = { pairs },
            Options = { output, adapter, queryOnly, maxCost, lora, data, checkpoint, resume },
            AfterInterrupt = "interrupted; the same command with --resume continues from the last checkpoint",
            Examples =
            [
                ("sextant train pairs.jsonl -o my-model", "fine-tunes sextant-small and measures it on held-out pairs"),
                ("sextant train pairs.tsv --mine-negatives 3 --patience 1 -o my-model", "with hard negatives, stopping at the best epoch"),
                ("sextant train pairs.csv --model openai:text-embedding-3-small --adapter linear --query-only -o tuned",
                    "tunes a hosted model without touching what is indexed"),
                ("sextant search docs.sextant \"a question\" --model ./my-model", "uses it"),
            ],
        };
        settings.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ProgressLine.RunAsync(shell, "training", line => Task.Run(async () =>
        {
            string[] files = parsed.GetRequiredValue(pairs);
            string folder = parsed.GetRequiredValue(output);
            if (parsed.GetValue(CommonOptions.Dimensions) is not null)
                throw new InputException("a model is trained at its whole length; name the lengths it shall be cut to with --matryoshka");
            if (parsed.GetValue(queryOnly) && parsed.GetValue(adapter) is null)
                throw new InputException("--query-only is for adapters; add --adapter linear");
            if (parsed.GetValue(maxCost) is not null && parsed.GetValue(adapter) is null)
                throw new InputException("--max-cost is for adapters over hosted models; all other training is free, leave it out");
            var report = new TrainReport(shell, line);
            var run = new TrainingRunOptions
            {
                Resume = parsed.GetValue(resume),
                CheckpointSteps = parsed.GetValue(checkpoint),
                Progress = report,
                Epochs = report,
                Warn = shell.Note,
                Log = shell.Detail,
                MaxDegreeOfParallelism = parsed.GetValue(CommonOptions.Threads) ?? -1,
            };
            if (files is [string recipe] && Path.GetExtension(recipe) is ".json")
            {
                string source = parsed.GetValue(data) ?? throw new InputException("a recipe needs --data DIR, the folder with its files");
                report.Finish(folder, await RecipeTrainer.TrainAsync(
                    StaticModelRecipe.Load(recipe), source, folder,
                    (name, stop) => ChosenModel.Registry.OpenAsync(name, ChosenModel.Pipeline(parsed) with { Overflow = Overflow.Truncate }, stop),
                    run, cancellationToken));
                return ExitCode.Done;
            }

            if (parsed.GetValue(data) is not null)
                throw new InputException("--data is for a recipe, a .json file; files of pairs are named by their own paths");
            FineTuningOptions options = settings.Read(parsed) with { Run = run };
            string model = await ChosenModel.FolderOrNameAsync(parsed, cancellationToken);
            if (parsed.GetValue(adapter) is { } kind)
            {
                report.Finish(folder, await AdaptAsync(
                    parsed, files, folder, kind, parsed.GetValue(queryOnly), parsed.GetValue(maxCost), options, cancellationToken));
                return ExitCode.Done;
            }

            if (TransformerTraining.IsFor(model))
            {
                string device = parsed.GetRequiredValue(CommonOptions.Device);
                if (device is not ("cpu" or "cuda"))
                    throw new InputException($"a transformer is trained on cpu or cuda, not on {device}");
                if (TransformerTraining.Trainer is null)
                    return await TransformerTraining.StartAsync(model, parsed, cancellationToken);
                report.Finish(folder, await TransformerTraining.Trainer(
                    PairCollection.FromFiles(files), model, folder, new TransformerSettings(options, parsed.GetValue(lora) ?? 0, device), cancellationToken));
                return ExitCode.Done;
            }

            if (parsed.GetValue(lora) is not null)
                throw new InputException($"--lora is for transformers, and {model} is none; leave it out, or train over it with --adapter");
            report.Finish(folder, await FineTuner.TrainAsync(PairCollection.FromFiles(files), model, folder, options, cancellationToken));
            return ExitCode.Done;
        }, cancellationToken)));
        return command;
    }

    private static async Task<FineTuningReport> AdaptAsync(
        ParseResult parsed, string[] files, string folder, string kind, bool queryOnly, float? maxCost, FineTuningOptions settings,
        CancellationToken cancellationToken)
    {
        PairCollection pairs = PairCollection.FromFiles(files);
        var options = new AdapterOptions(settings) { Kind = kind == "mlp" ? AdapterKind.Mlp : AdapterKind.Linear, QueriesOnly = queryOnly };
        if (maxCost is { } most)
        {
            PaidRun.Require(await PaidRun.EstimateAsync(
                ChosenModel.Name(parsed), ChosenModel.Pipeline(parsed) with { Overflow = Overflow.Truncate },
                await AdapterTrainer.ReadTextsAsync(pairs, options, cancellationToken), cancellationToken), most);
        }

        using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.OpenAsync(parsed, Overflow.Truncate, cancellationToken);
        return await AdapterTrainer.TrainAsync(pairs, model, folder, options, cancellationToken);
    }
}
