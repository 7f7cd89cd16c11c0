using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Umap;
using Sextant.Umap.Clustering;
using Sextant.Umap.Topics;

namespace Sextant.Cli.Commands.Topics;

/// <summary>The arguments and options of <c>sextant cluster</c>.</summary>
internal sealed class ClusterSyntax
{
    private readonly Argument<string> _source = new("SOURCE-OR-COLLECTION")
    {
        Description = "A file (.txt: one text per line), a folder, a collection, or vectors (.npy, .fvecs) with --labels",
    };

    private readonly Option<string?> _text = SourceFields.Text();
    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "The texts of a vector file: rows of any source with a text each",
        HelpName = "FILE",
    };
    private readonly Option<int?> _minSize = NumberOption.Whole(
        "--min-size",
        "The smallest topic [default: an eightieth of the texts, but 5 to 10]",
        2
    );
    private readonly Option<int?> _neighbors = NumberOption.Whole(
        "--neighbors",
        "UMAP's n_neighbors [default: 15, or a third of a small set]",
        2
    );
    private readonly Option<HdbscanSelection?> _selection = ChoiceOption.Create(
        "--selection",
        "eom: the most persistent clusters, leaf: the smallest ones [default: eom]",
        ("eom", HdbscanSelection.ExcessOfMass),
        ("leaf", HdbscanSelection.Leaf)
    );
    private readonly Option<string?> _names = ChoiceOption.Create(
        "--names",
        "Name topics by their phrases, or by the title of the text nearest to the center [default: phrases]",
        "phrases",
        "titles"
    );
    private readonly Option<bool> _assign = new("--assign-all") { Description = "Assign texts outside of all topics to the nearest topic" };
    private readonly Option<int> _examples = NumberOption.Whole("--examples", "Texts to show of each topic", 1, 3);
    private readonly Option<string?> _map = new("--map")
    {
        Description = "Draw the topics to a file: .png, .svg or .html",
        HelpName = "FILE",
    };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Write each text with its topic to a JSON Lines file",
        HelpName = "FILE",
    };
    private readonly Option<int> _seed = NumberOption.Whole(
        "--seed",
        "The random seed; the same seed finds the same topics",
        0,
        (int)new UmapOptions().Seed
    );

    public Verb CreateVerb() =>
        new("cluster", "Find the topics of texts with UMAP and HDBSCAN: names, sizes, examples.")
        {
            Arguments = { _source },
            Options = { _text, _labels, _minSize, _neighbors, _selection, _names, _assign, _examples, _map, _output, _seed },
            Examples =
            [
                ("sextant cluster examples/almanac.jsonl", "lists the topics of a file"),
                ("sextant cluster docs.sextant --map topics.html", "also draws the topics of a collection"),
                (
                    "sextant cluster examples/almanac.jsonl -o topics.jsonl --json",
                    "prints the topics as JSON, and writes each text with its topic"
                ),
            ],
        };

    public ClusterRequest Read(ParseResult parsed) =>
        new(
            parsed.GetRequiredValue(_source),
            parsed.GetValue(_text),
            parsed.GetValue(_labels),
            new()
            {
                MinTopicSize = parsed.GetValue(_minSize),
                Neighbors = parsed.GetValue(_neighbors),
                Selection = parsed.GetValue(_selection) ?? HdbscanSelection.ExcessOfMass,
                AssignNoise = parsed.GetValue(_assign),
                Representatives = parsed.GetValue(_examples),
                Seed = (ulong)parsed.GetValue(_seed),
            },
            parsed.GetValue(_names) == "titles",
            parsed.GetValue(_map),
            parsed.GetValue(_output)
        );
}

/// <summary>The parsed options of <c>sextant cluster</c>.</summary>
internal sealed record ClusterRequest(
    string Source,
    string? TextField,
    string? LabelsFile,
    TopicOptions Options,
    bool ByTitle,
    string? Map,
    string? Output
);
