using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Training.FineTuning;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands.Training;

/// <summary>
/// The arguments and options of <c>sextant train</c>; those that decide what comes of a run are in <see cref="TrainOptions"/>.
/// </summary>
internal sealed class TrainSyntax
{
    private readonly Argument<string[]> _pairs = new("PAIRS")
    {
        Description =
            "Files of pairs, triplets or scored pairs (.parquet, .jsonl, .csv, .tsv, or .gz), or a recipe.json to train from scratch",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The new model's folder",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _adapter = ChoiceOption.Create(
        "--adapter",
        "Keep the model and train an adapter over its vectors: linear, or mlp with two layers",
        "linear",
        "mlp"
    );

    private readonly Option<bool> _queryOnly = new("--query-only")
    {
        Description = "Apply the adapter only to queries, so that existing indexes stay valid",
    };
    private readonly Option<float?> _maxCost = PaidRun.MaxCost();
    private readonly Option<string?> _data = new("--data") { Description = "The folder with the files of a recipe", HelpName = "DIR" };

    private readonly Option<int> _checkpoint = NumberOption.Whole(
        "--checkpoint",
        "Steps between checkpoints; 0 for none",
        least: 0,
        new TrainingRunOptions().CheckpointSteps
    );

    private readonly Option<bool> _resume = new("--resume") { Description = "Continue from the checkpoint in the output folder" };

    private readonly Option<int?> _lora = NumberOption.Whole(
        "--lora",
        "Train LoRA adapters of this rank in a transformer's attention, instead of all weights",
        least: 1
    );

    private readonly TrainOptions _settings = new();

    public Verb CreateVerb()
    {
        var verb = new Verb("train", "Fine-tune a model on your own texts; the result is a model folder for every command.")
        {
            Arguments = { _pairs },
            Options = { _output, _adapter, _queryOnly, _maxCost, _lora, _data, _checkpoint, _resume },
            AfterInterrupt = "interrupted; the same command with --resume continues from the last checkpoint",
            Examples =
            [
                ("sextant train pairs.jsonl -o my-model", "fine-tunes sextant-small and measures it on held-out pairs"),
                (
                    "sextant train pairs.tsv --mine-negatives 3 --patience 1 -o my-model",
                    "mines hard negatives, and stops at the best epoch"
                ),
                (
                    "sextant train pairs.csv --model openai:text-embedding-3-small --adapter linear --query-only -o tuned",
                    "tunes a hosted model; existing indexes stay valid"
                ),
                ("sextant search docs/ \"a question\" --model ./my-model", "uses it"),
            ],
        };
        _settings.AddTo(verb);
        return verb;
    }

    /// <exception cref="InputException">Options contradict each other.</exception>
    public TrainRequest Read(ParseResult parsed)
    {
        string[] files = parsed.GetRequiredValue(_pairs);
        string? recipe = files is [string only] && Path.GetExtension(only) is ".json" ? only : null;
        Check(parsed, isRecipe: recipe is not null);
        return new()
        {
            Files = files,
            Output = parsed.GetRequiredValue(_output),
            Recipe = recipe,
            DataFolder = parsed.GetValue(_data),
            // A recipe has its own.
            Settings = recipe is null ? _settings.Read(parsed) : new(),
            Run = new()
            {
                Resume = parsed.GetValue(_resume),
                CheckpointSteps = parsed.GetValue(_checkpoint),
                MaxDegreeOfParallelism = parsed.GetValue(CommonOptions.Threads) ?? -1,
            },
            Adapter = parsed.GetValue(_adapter),
            QueryOnly = parsed.GetValue(_queryOnly),
            MaxCost = parsed.GetValue(_maxCost),
            Lora = parsed.GetValue(_lora),
        };
    }

    private void Check(ParseResult parsed, bool isRecipe)
    {
        if (parsed.GetValue(CommonOptions.Dimensions) is not null)
            throw new InputException("training uses all dimensions; omit --dimensions, or name dimensions to train for with --matryoshka");
        if (parsed.GetValue(_queryOnly) && parsed.GetValue(_adapter) is null)
            throw new InputException("--query-only is for adapters; add --adapter linear");
        if (parsed.GetValue(_maxCost) is not null && parsed.GetValue(_adapter) is null)
            throw new InputException("--max-cost is for adapters over hosted models; other training is free, so omit it");
        if (isRecipe && parsed.GetValue(_data) is null)
            throw new InputException("a recipe needs --data DIR, the folder with its files");
        if (!isRecipe && parsed.GetValue(_data) is not null)
            throw new InputException("--data is for a recipe (.json); omit it, and give files of pairs by path");
    }
}

/// <summary>The parsed options of <c>sextant train</c>.</summary>
internal sealed record TrainRequest
{
    public required string[] Files { get; init; }

    /// <summary>The new model's folder.</summary>
    public required string Output { get; init; }

    /// <summary>The recipe to train from scratch by, when there is one.</summary>
    public required string? Recipe { get; init; }

    /// <summary>The folder with the files that a recipe names.</summary>
    public required string? DataFolder { get; init; }

    public required FineTuningOptions Settings { get; init; }

    public required TrainingRunOptions Run { get; init; }

    /// <summary>The kind of adapter to train over an unchanged model.</summary>
    public required string? Adapter { get; init; }

    public required bool QueryOnly { get; init; }

    public required float? MaxCost { get; init; }

    public required int? Lora { get; init; }
}
