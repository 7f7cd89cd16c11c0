using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Embedding;
using Sextant.Index;
using Sextant.Numerics;
using Sextant.Sources;

namespace Sextant.Cli.Commands.Indexing;

/// <summary>The arguments and options of <c>sextant index</c>.</summary>
internal sealed class IndexSyntax
{
    private readonly Argument<string[]> _sources = new("SOURCE")
    {
        Description =
            "Files (.txt .md .html .pdf .docx .pptx .xlsx .csv .json .jsonl .parquet .epub .eml .ipynb, code), folders, or - for stdin",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _to = new("--to")
    {
        Description = "The collection: a folder, or postgres://user@host/database#collection; created if it does not exist",
        HelpName = "COLLECTION",
        Required = true,
    };

    private readonly Option<string?> _sourceName = new("--source-name")
    {
        Description = "Identify the source by this name, wherever its files are [default: its full path]",
        HelpName = "NAME",
    };

    private readonly Option<VectorStorage?> _storage = ChoiceOption.Create(
        "--storage",
        "The in-memory vector format of a new collection, from most to least memory",
        ("packed", VectorStorage.Packed),
        ("float32", VectorStorage.Float32),
        ("int8", VectorStorage.Int8),
        ("int4", VectorStorage.Int4),
        ("bit", VectorStorage.Bit)
    );

    private readonly Option<SimilarityMetric?> _metric = MetricOption.Create();
    private readonly Option<OverflowPolicy?> _overflow = PaidRun.LongTexts(OverflowPolicy.Chunk);
    private readonly Option<float?> _maxCost = PaidRun.MaxCost();
    private readonly IndexingOptions _indexing = new();

    public Verb CreateVerb()
    {
        var verb = new Verb("index", "Index files into a collection: add new documents, replace changed ones, skip the rest.")
        {
            Arguments = { _sources },
            Options = { _to, _sourceName, _storage, _metric, _overflow, _maxCost },
            AfterInterrupt = "interrupted; stored documents are kept; run the same command again to continue",
            Examples =
            [
                ("sextant index examples/faq.jsonl --to faq.sextant", "creates or updates the collection faq.sextant"),
                (
                    "sextant index docs/ --to docs.sextant --chunk 200 --overlap 20",
                    "indexes a folder, with long texts in overlapping chunks"
                ),
                ("sextant index products.csv --to shop.sextant --text description --id sku", "names the columns to use"),
            ],
        };
        _indexing.AddTo(verb);
        return verb;
    }

    /// <exception cref="InputException">Options contradict each other.</exception>
    public IndexRequest Read(ParseResult parsed)
    {
        string collection = parsed.GetRequiredValue(_to);
        VectorStorage? storage = parsed.GetValue(_storage);
        if (storage is not null && ChosenModel.IsElsewhere(collection))
        {
            throw new InputException(
                "--storage is for folders; in PostgreSQL the location chooses the index of a new collection: …?index=hnsw, halfvec, "
                    + "binary or none"
            );
        }

        SemanticSearchEngineOptions engine = ChosenModel.Engine(
            parsed,
            createIfMissing: true,
            parsed.GetValue(_overflow) ?? OverflowPolicy.Chunk
        );
        engine = engine with { Metric = parsed.GetValue(_metric) };
        return new()
        {
            Sources = parsed.GetRequiredValue(_sources),
            Collection = collection,
            Storage = storage,
            MaxCost = parsed.GetValue(_maxCost),
            Model = ChosenModel.Name(parsed),
            Engine = storage is { } kept ? engine with { Index = new() { Storage = kept } } : engine,
            Indexing = _indexing.Read(parsed) with { SourceName = parsed.GetValue(_sourceName) },
        };
    }
}

/// <summary>The parsed options of <c>sextant index</c>.</summary>
internal sealed record IndexRequest
{
    public required string[] Sources { get; init; }

    public required string Collection { get; init; }

    public required VectorStorage? Storage { get; init; }

    public required float? MaxCost { get; init; }

    /// <summary>The name of the model that a new collection is made with.</summary>
    public required string Model { get; init; }

    public required SemanticSearchEngineOptions Engine { get; init; }

    public required CollectionIndexerOptions Indexing { get; init; }
}
