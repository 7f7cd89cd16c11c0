using System.CommandLine;
using Sextant.Cli.Commands.Indexing;
using Sextant.Cli.Help;
using Sextant.Embedding;
using Sextant.Search.Filters;
using Sextant.Sources;

namespace Sextant.Cli.Commands.Search;

/// <summary>The arguments and options of <c>sextant search</c>.</summary>
internal sealed class SearchSyntax
{
    private readonly Argument<string> _source = new("COLLECTION-OR-SOURCE")
    {
        Description = "A collection, or a file or folder (indexed into the cache first)",
    };
    private readonly Argument<string> _query = new("QUERY") { Description = "The query, in your own words" };
    private readonly Option<int> _count = NumberOption.Whole("-k", "The maximum number of results", least: 1, byDefault: 5);

    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "Search only documents that match, for example \"lang = 'en' and year >= 2020\"",
        HelpName = "EXPR",
    };

    private readonly Option<string[]> _facets = new("--facet")
    {
        Description = "Count the values of this metadata field in all documents that match --filter (repeatable)",
        HelpName = "FIELD",
    };

    private readonly SearchStageOptions _stages = new();
    private readonly Option<float?> _maxCost = PaidRun.MaxCost();
    private readonly IndexingOptions _indexing = new();

    public Verb CreateVerb()
    {
        var verb = new Verb("search", "Search texts by meaning.")
        {
            Arguments = { _source, _query },
            Options = { _count, _filter },
            Examples =
            [
                ("sextant search examples/faq.jsonl \"how do I get my money back\"", "searches a plain file"),
                (
                    "sextant search faq.sextant \"cancel my order\" -k 3 --filter \"topic = 'orders'\"",
                    "searches the documents of a collection that match the filter"
                ),
                ("sextant search docs.sextant \"error E1234\" --mode hybrid --json", "ranks by keywords and meaning; prints JSON"),
                (
                    "sextant search docs.sextant \"refunds\" --group-by source --facet lang",
                    "shows the best passages of each document, and how many documents there are in each language"
                ),
                (
                    "sextant search faq.sextant \"my parcel never came\" --rerank all-MiniLM-L6-v2",
                    "reranks the best 100 with a transformer; its vectors are cached"
                ),
            ],
        };
        _stages.AddTo(verb);
        verb.Options.Add(_facets);
        verb.Options.Add(_maxCost);
        _indexing.AddTo(verb);
        return verb;
    }

    /// <summary>Opens the requested reranker, before reading or sending anything; <see langword="null"/> if none is requested.</summary>
    public Task<IReranker?> OpenRerankerAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        _stages.OpenRerankerAsync(parsed, cancellationToken);

    /// <exception cref="InputException">Options contradict each other.</exception>
    public SearchRequest Read(ParseResult parsed, IReranker? reranker) =>
        new()
        {
            Source = parsed.GetRequiredValue(_source),
            Query = parsed.GetRequiredValue(_query),
            Count = parsed.GetValue(_count),
            MaxCost = parsed.GetValue(_maxCost),
            Model = ChosenModel.Name(parsed),
            Engine = ChosenModel.Engine(parsed, createIfMissing: false, OverflowPolicy.Chunk),
            Indexing = _indexing.Read(parsed),
            Facets = [.. (parsed.GetValue(_facets) ?? []).Select(FieldPath.Parse)],
            Search = _stages.Read(parsed, reranker) with { Filter = parsed.GetValue(_filter) },
        };
}

/// <summary>The parsed options of <c>sextant search</c>.</summary>
internal sealed record SearchRequest
{
    public required string Source { get; init; }

    public required string Query { get; init; }

    public required int Count { get; init; }

    public required float? MaxCost { get; init; }

    /// <summary>The name of the model that a source is read with.</summary>
    public required string Model { get; init; }

    public required SemanticSearchEngineOptions Engine { get; init; }

    public required CollectionIndexerOptions Indexing { get; init; }

    public required SearchOptions Search { get; init; }

    /// <summary>The fields whose values are counted.</summary>
    public required IReadOnlyList<FieldPath> Facets { get; init; }
}
