using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Numerics;
using Sextant.Plotting;
using Sextant.Umap;

namespace Sextant.Cli.Commands.Plotting;

/// <summary>The arguments and options of <c>sextant plot</c>.</summary>
internal sealed class PlotSyntax
{
    /// <summary>The weight of density that densMAP's authors recommend.</summary>
    private const double DensMap = 2;

    private readonly Argument<string> _source = new("SOURCE-OR-COLLECTION")
    {
        Description = "A file (.txt: one text per line), a folder, a collection, or vectors (.npy, .fvecs)",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The output file: .png, .svg, or .html for an interactive page",
        HelpName = "FILE",
        DefaultValueFactory = _ => ScatterPlot.DefaultFileName,
    };

    private readonly Option<string?> _text = SourceFields.Text();
    private readonly Option<string?> _label = new("--label", "--color-by")
    {
        Description = "The field that gives the points their colors; score: the similarity to --query",
        HelpName = "FIELD",
    };

    private readonly Option<string?> _query = new("--query")
    {
        Description = "Color points by their similarity to this text",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _facet = new("--facet")
    {
        Description = "Draw a small plot for each value of this field (.png, .svg)",
        HelpName = "FIELD",
    };

    private readonly Option<string[]> _compare = new("--compare")
    {
        Description = "Draw the same texts under two models side by side, aligned (.png, .svg)",
        HelpName = "MODEL MODEL",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _contours = new("--contours")
    {
        Description = "Draw contours of the density: 90, 75, 50 and 25 % of the points are inside (.png, .svg)",
    };

    private readonly Option<bool> _clusterNames = new("--cluster-names")
    {
        Description = "Annotate clusters with their names, not points with their texts (.png, .svg)",
    };

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "The labels of a vector file: one per line (.txt), or rows with a text and fields",
        HelpName = "FILE",
    };

    private readonly Option<string?> _title = new("--title") { Description = "The title of the plot", HelpName = "TITLE" };
    private readonly Option<bool> _dark = new("--dark") { Description = "Use a dark background" };

    private readonly Option<PlotPalette?> _palette = ChoiceOption.Create(
        "--palette",
        "The colors of categories [default: tab10]",
        ("tab10", PlotPalette.Tab10),
        ("colorblind", PlotPalette.ColorBlind)
    );
    private readonly Option<int?> _categories = NumberOption.Whole(
        "--categories",
        "Tell the N most frequent categories apart and group the others [default: 40]",
        1
    );

    private readonly Option<int?> _neighbors = NumberOption.Whole(
        "--neighbors",
        "UMAP's n_neighbors: high for global structure, low for detail [default: 15, or a third of a small set]",
        2
    );

    private readonly Option<float?> _minDist = NumberOption.Between(
        "--min-dist",
        "UMAP's min_dist: how close points may be [default: 0.1]",
        0,
        1
    );
    private readonly Option<SimilarityMetric?> _metric = MetricOption.Create("How vectors are compared [default: cosine]");
    private readonly Option<bool> _densmap = new("--densmap")
    {
        Description = "Preserve density: groups that are wide in the vectors are wide in the plot (densMAP)",
    };
    private readonly Option<int> _seed = NumberOption.Whole(
        "--seed",
        "The random seed; the same seed draws the same plot",
        0,
        (int)new UmapOptions().Seed
    );

    public Verb CreateVerb() =>
        new("plot", "Plot texts in two dimensions with UMAP: PNG, SVG, or an interactive HTML page.")
        {
            Arguments = { _source },
            Options =
            {
                _output,
                _text,
                _label,
                _query,
                _labels,
                _facet,
                _compare,
                _contours,
                _clusterNames,
                _title,
                _dark,
                _palette,
                _categories,
                _neighbors,
                _minDist,
                _metric,
                _densmap,
                _seed,
            },
            Examples =
            [
                ("sextant plot examples/faq.jsonl -o faq.png --label topic", "draws a picture, colored by topic"),
                ("sextant plot examples/almanac.jsonl -o almanac.html --label topic", "writes an interactive page that works offline"),
                (
                    "sextant plot examples/faq.jsonl -o score.png --color-by score --query \"is the battery covered?\"",
                    "colors points by their similarity to a text"
                ),
                ("sextant plot examples/almanac.jsonl -o topics.png --facet topic", "draws a small plot for each topic"),
                ("sextant plot docs.sextant -o docs.svg --dark", "plots a collection in dark colors"),
                ("sextant plot vectors.npy --labels labels.txt -o vectors.png", "plots vectors from another program"),
            ],
        };

    /// <exception cref="InputException">The output's name does not say what to draw.</exception>
    public PlotRequest Read(ParseResult parsed) =>
        new()
        {
            Source = parsed.GetRequiredValue(_source),
            Output = new(parsed.GetRequiredValue(_output)),
            TextField = parsed.GetValue(_text),
            Query = parsed.GetValue(_query),
            Facet = parsed.GetValue(_facet),
            Compare = parsed.GetValue(_compare) ?? [],
            Contours = parsed.GetValue(_contours),
            ClusterNames = parsed.GetValue(_clusterNames),
            Label = parsed.GetValue(_label),
            LabelsFile = parsed.GetValue(_labels),
            Title = parsed.GetValue(_title),
            Dark = parsed.GetValue(_dark),
            Palette = parsed.GetValue(_palette) ?? PlotPalette.Tab10,
            Categories = parsed.GetValue(_categories),
            Neighbors = parsed.GetValue(_neighbors),
            Layout = new()
            {
                MinDist = parsed.GetValue(_minDist) ?? new UmapOptions().MinDist,
                Metric = parsed.GetValue(_metric) ?? SimilarityMetric.Cosine,
                DensityWeight = parsed.GetValue(_densmap) ? DensMap : 0,
                Seed = (ulong)parsed.GetValue(_seed),
            },
        };
}

/// <summary>The parsed options of <c>sextant plot</c>.</summary>
internal sealed record PlotRequest
{
    public required string Source { get; init; }

    public required PlotFile Output { get; init; }

    public required string? TextField { get; init; }

    /// <summary>The field that gives the points their colors.</summary>
    public required string? Label { get; init; }

    /// <summary>The text to whose similarity the colors refer.</summary>
    public required string? Query { get; init; }

    /// <summary>The field with a plot for each value.</summary>
    public required string? Facet { get; init; }

    /// <summary>Two models to compare, or none.</summary>
    public required string[] Compare { get; init; }

    public required bool Contours { get; init; }

    public required bool ClusterNames { get; init; }

    /// <summary>The file that says what each vector stands for.</summary>
    public required string? LabelsFile { get; init; }

    public required string? Title { get; init; }

    public required bool Dark { get; init; }

    public required PlotPalette Palette { get; init; }

    /// <summary>How many categories have their own color and shape.</summary>
    public required int? Categories { get; init; }

    /// <summary>UMAP's n_neighbors; what suits the number of points when <see langword="null"/>.</summary>
    public required int? Neighbors { get; init; }

    public required UmapOptions Layout { get; init; }
}
