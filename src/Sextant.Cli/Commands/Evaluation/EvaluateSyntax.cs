using System.CommandLine;
using Sextant.Cli.Commands.Search;
using Sextant.Cli.Help;
using Sextant.Models;

namespace Sextant.Cli.Commands.Evaluation;

/// <summary>The arguments and options of <c>sextant evaluate</c>.</summary>
internal sealed class EvaluateSyntax
{
    private readonly Argument<string[]> _tasks = new("TASK-OR-DIR")
    {
        Description = "Task names, Hugging Face data sets (mteb/scifact), files or folders [default: --pairs, else all tasks in --data]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _models = new("--model", "-m")
    {
        Description = "A model to measure; repeatable [default: sextant-small]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _dimensions = new("--dimensions")
    {
        Description = "Dimensions to cut vectors to, separated by commas [default: the model's own; with --pairs all it was trained for]",
        HelpName = "N,N…",
    };

    private readonly Option<string?> _storage = new("--storage")
    {
        Description = "Vector formats to measure, separated by commas: float32, int8, int4, bit [default: float32]",
        HelpName = "KIND,KIND…",
    };

    private readonly Option<string[]> _pairs = new("--pairs")
    {
        Description = "Measure retrieval on your own pairs of question and answer (.csv, .tsv, .jsonl)",
        HelpName = "FILE",
    };

    private readonly Option<string?> _rerank = new("--rerank")
    {
        Description = "On retrieval tasks, also compare keyword, semantic and hybrid search, each with and without reranking by this model",
        HelpName = "MODEL",
    };

    private readonly Option<int?> _candidates = SearchStageOptions.Candidates();
    private readonly Option<string?> _data = new("--data")
    {
        Description = "The folder with the data sets of named tasks [default: $SEXTANT_DATA]",
        HelpName = "DIR",
    };
    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write an HTML page with the table, plots and paired tests",
        HelpName = "FILE",
    };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Write one result file per model and task, in MTEB's format",
        HelpName = "DIR",
    };

    public Verb CreateVerb() =>
        new("evaluate", "Measure models on public tasks and on your own pairs, in one table.")
        {
            Arguments = { _tasks },
            Options = { _models, _dimensions, _storage, _pairs, _rerank, _candidates, _data, _report, _output },
            Examples =
            [
                (
                    "sextant evaluate --pairs faq.csv --model sextant-small --model ./my-model",
                    "recommends a model and a number of dimensions for your questions"
                ),
                ("sextant evaluate stsbenchmark scifact --data ~/data", "measures the built-in model on published data sets"),
                (
                    "sextant evaluate ./my-beir-folder --dimensions 256,128,64 --storage float32,int4,bit --report report.html",
                    "shows how much accuracy shorter and compressed vectors lose"
                ),
                ("sextant evaluate scifact --data ~/data --rerank all-MiniLM-L6-v2", "shows what reranking gains, and the time it takes"),
            ],
        };

    /// <exception cref="InputException">An option says something that cannot be measured.</exception>
    public EvaluateRequest Read(ParseResult parsed)
    {
        string[] pairs = parsed.GetValue(_pairs) ?? [];
        return new()
        {
            Tasks = parsed.GetValue(_tasks) ?? [],
            Pairs = pairs,
            DataFolder = parsed.GetValue(_data) ?? Environment.GetEnvironmentVariable("SEXTANT_DATA"),
            Report = parsed.GetValue(_report),
            Output = parsed.GetValue(_output),
            Plan = new()
            {
                Models = parsed.GetValue(_models) is { Length: > 0 } given ? [.. given.Distinct()] : [StaticModelProvider.BuiltInModel],
                Dimensions = EvaluationPlan.ParseDimensions(parsed.GetValue(_dimensions)),
                EveryLength = pairs.Length > 0,
                Storage = EvaluationPlan.ParseStorage(parsed.GetValue(_storage)),
                Pipeline = ChosenModel.Pipeline(parsed),
                Rerank = parsed.GetValue(_rerank),
                Candidates = parsed.GetValue(_candidates),
            },
        };
    }
}

/// <summary>The parsed options of <c>sextant evaluate</c>.</summary>
internal sealed record EvaluateRequest
{
    public required string[] Tasks { get; init; }

    public required string[] Pairs { get; init; }

    /// <summary>The folder of the data sets of named tasks, if specified.</summary>
    public required string? DataFolder { get; init; }

    public required string? Report { get; init; }

    public required string? Output { get; init; }

    /// <summary>The plan of the evaluation, before its tasks are opened.</summary>
    public required EvaluationPlan Plan { get; init; }
}
