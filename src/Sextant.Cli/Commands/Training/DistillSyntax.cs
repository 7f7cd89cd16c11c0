using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Embedding;
using Sextant.Sources;
using Sextant.Training.Distillation;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands.Training;

/// <summary>
/// The arguments and options of <c>sextant distill</c>; those that decide its result are in <see cref="DistillOptions"/>.
/// </summary>
internal sealed class DistillSyntax
{
    private readonly Argument<string> _teacher = new("TEACHER")
    {
        Description = "The model to distill: a name, a folder, or a hosted model",
    };

    private readonly Argument<string[]> _corpus = new("CORPUS")
    {
        Description = "Files and folders with texts of your domain [default: none; keep the teacher's token vectors untrained]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The new model's folder",
        HelpName = "DIR",
        Required = true,
    };
    private readonly Option<string?> _text = SourceFields.Text();
    private readonly Option<int> _chunk = NumberOption.Whole(
        "--chunk",
        "Split long texts into chunks of at most this many tokens",
        least: 8,
        128
    );
    private readonly Option<float?> _maxCost = PaidRun.MaxCost();

    private readonly Option<int> _checkpoint = NumberOption.Whole(
        "--checkpoint",
        "Steps between checkpoints; 0 for none",
        least: 0,
        new TrainingRunOptions().CheckpointSteps
    );

    private readonly Option<bool> _resume = new("--resume") { Description = "Continue from the checkpoint in the output folder" };

    private readonly Option<string[]> _evaluate = new("--evaluate")
    {
        Description = "A task to evaluate teacher and student on; repeatable",
        HelpName = "TASK",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "The folder with the data sets of named tasks [default: $SEXTANT_DATA]",
        HelpName = "DIR",
    };

    private readonly DistillOptions _settings = new();

    public Verb CreateVerb()
    {
        var verb = new Verb("distill", "Distill any embedding model into a small static one that needs no transformer.")
        {
            Arguments = { _teacher, _corpus },
            Options = { _output, _text, _chunk, _maxCost, _evaluate, _data, _checkpoint, _resume },
            Examples =
            [
                ("sextant distill all-MiniLM-L6-v2 docs/ -o docs-model", "distills a transformer on your own documents"),
                (
                    "sextant distill openai:text-embedding-3-small tickets.jsonl --max-cost 2 -o tickets-model",
                    "distills a hosted model for at most 2 dollars"
                ),
                ("sextant search docs/ \"a question\" --model ./docs-model", "uses it"),
            ],
        };
        _settings.AddTo(verb);
        return verb;
    }

    /// <exception cref="InputException">Options contradict each other.</exception>
    public DistillRequest Read(ParseResult parsed)
    {
        if (parsed.GetValue(CommonOptions.Model) is not null)
            throw new InputException("the teacher is the first argument; omit --model");
        string teacher = parsed.GetRequiredValue(_teacher);
        return new()
        {
            Teacher = teacher,
            Corpus = parsed.GetValue(_corpus) ?? [],
            Output = parsed.GetRequiredValue(_output),
            Tasks = parsed.GetValue(_evaluate) ?? [],
            DataFolder = parsed.GetValue(_data) ?? Environment.GetEnvironmentVariable("SEXTANT_DATA"),
            MaxCost = parsed.GetValue(_maxCost),
            Settings = _settings.Read(parsed, teacher),
            Indexing = new()
            {
                Reader = new SourceReaderOptions { TextField = parsed.GetValue(_text) },
                ChunkTokens = parsed.GetValue(_chunk),
            },
            Pipeline = ChosenModel.Pipeline(parsed) with { Dimensions = null },
            Run = new() { Resume = parsed.GetValue(_resume), CheckpointSteps = parsed.GetValue(_checkpoint) },
        };
    }
}

/// <summary>The parsed options of <c>sextant distill</c>.</summary>
internal sealed record DistillRequest
{
    public required string Teacher { get; init; }

    /// <summary>Files and folders with texts to learn from.</summary>
    public required string[] Corpus { get; init; }

    /// <summary>The new model's folder.</summary>
    public required string Output { get; init; }

    /// <summary>The tasks to evaluate teacher and student on.</summary>
    public required string[] Tasks { get; init; }

    /// <summary>The folder of the data sets of named tasks, if specified.</summary>
    public required string? DataFolder { get; init; }

    public required float? MaxCost { get; init; }

    public required DistillationOptions Settings { get; init; }

    public required CollectionIndexerOptions Indexing { get; init; }

    public required EmbeddingPipelineOptions Pipeline { get; init; }

    public required TrainingRunOptions Run { get; init; }
}
