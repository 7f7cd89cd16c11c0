using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Embedding;

namespace Sextant.Cli.Commands.Embedding;

/// <summary>The arguments and options of <c>sextant embed</c>.</summary>
internal sealed class EmbedSyntax
{
    private readonly Argument<string[]> _texts = new("TEXT")
    {
        Description = "Texts to embed [default: standard input, one text per line]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _input = new("--input")
    {
        Description = "Read texts from a file or folder (.txt: one text per line; .jsonl, .csv …: see --text), or - for standard input",
        HelpName = "FILE",
    };

    private readonly Option<string?> _field = SourceFields.Text();

    private readonly Option<string?> _format = ChoiceOption.Create(
        "--format",
        "The output format [default: by the extension of -o, else jsonl]",
        "jsonl",
        "csv",
        "npy",
        "parquet"
    );

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Write to this file atomically [default: standard output]",
        HelpName = "FILE",
    };

    private readonly Option<bool> _query = new("--query")
    {
        Description = "Embed as queries instead of documents (some models treat them differently)",
    };
    private readonly Option<OverflowPolicy?> _overflow = PaidRun.LongTexts(OverflowPolicy.Error);
    private readonly Option<float?> _maxCost = PaidRun.MaxCost();

    public Verb CreateVerb() =>
        new("embed", "Embed texts: one vector per text, in input order.")
        {
            Arguments = { _texts },
            Options = { _input, _field, _format, _output, _query, _overflow, _maxCost },
            Examples =
            [
                ("sextant embed \"hello world\"", "prints {\"text\",\"embedding\"} as JSON"),
                ("sextant embed --input notes.txt -o notes.npy", "writes one vector per line of text, as a NumPy array"),
                (
                    "cat questions.txt | sextant embed --query --dimensions 64 --format csv",
                    "reads standard input, writes shorter vectors as CSV"
                ),
            ],
        };

    public EmbedRequest Read(ParseResult parsed) =>
        new()
        {
            Texts = parsed.GetValue(_texts) ?? [],
            Input = parsed.GetValue(_input),
            TextField = parsed.GetValue(_field),
            Format = parsed.GetValue(_format),
            Output = parsed.GetValue(_output),
            Role = parsed.GetValue(_query) ? EmbeddingRole.Query : EmbeddingRole.Document,
            MaxCost = parsed.GetValue(_maxCost),
            Model = ChosenModel.Name(parsed),
            Pipeline = ChosenModel.Pipeline(parsed) with { Overflow = parsed.GetValue(_overflow) ?? OverflowPolicy.Error },
        };
}

/// <summary>The parsed options of <c>sextant embed</c>.</summary>
internal sealed record EmbedRequest
{
    public required string[] Texts { get; init; }

    /// <summary>The file or folder to read texts from, when none are given.</summary>
    public required string? Input { get; init; }

    public required string? TextField { get; init; }

    public required string? Format { get; init; }

    public required string? Output { get; init; }

    public required EmbeddingRole Role { get; init; }

    public required float? MaxCost { get; init; }

    public required string Model { get; init; }

    public required EmbeddingPipelineOptions Pipeline { get; init; }
}
