using System.CommandLine;
using System.Globalization;
using Sextant.Embedding;
using Sextant.Numerics;

namespace Sextant.Cli.Commands.Search;

/// <summary>
/// The options that determine the order of results: the search mode, the reranker, and the filtering and explanation of their scores.
/// </summary>
internal sealed class SearchStageOptions
{
    private readonly Option<SearchMode?> _mode = ChoiceOption.Create(
        "--mode",
        "Rank by meaning, by keywords (BM25), or by both [default: semantic; hybrid with --rerank]",
        ("semantic", SearchMode.Semantic),
        ("keyword", SearchMode.Keyword),
        ("hybrid", SearchMode.Hybrid)
    );

    private readonly Option<bool> _hybrid = new("--hybrid") { Description = "Short for --mode hybrid" };

    private readonly Option<string?> _rerank = new("--rerank")
    {
        Description = "Rerank the best candidates with this embedding model, cross-encoder or hosted reranker",
        HelpName = "MODEL",
    };

    private readonly Option<int?> _candidates = Candidates();

    private readonly Option<string?> _groupBy = new("--group-by")
    {
        Description = "Group results by a metadata field, or by \"source\": the document that a text is a part of; -k counts groups",
        HelpName = "FIELD",
    };

    private readonly Option<int?> _groupSize = NumberOption.Whole(
        "--group-size",
        "The most results of each group with --group-by [default: 3]",
        least: 1
    );

    private readonly Option<bool> _explain = new("--explain") { Description = "Show the scores and ranks of each result at every stage" };

    private readonly Option<float?> _minScore = NumberOption.Finite(
        "--min-score",
        "Exclude results with a lower score (a cosine from -1 to 1, unless --mode or --rerank changes it)"
    );

    /// <summary>How many documents the second stage gets.</summary>
    public static Option<int?> Candidates() =>
        NumberOption.Whole("--candidates", "Documents to rerank with --rerank [default: 100]", least: 1);

    /// <exception cref="InputException">Candidates are counted and nothing orders them.</exception>
    public static void Require(int? candidates, string? rerank)
    {
        if (candidates is not null && rerank is null)
            throw new InputException("--candidates needs --rerank: name a model with --rerank, or omit --candidates");
    }

    /// <exception cref="InputException">The scores of the collection cannot be so high or low.</exception>
    public static void RequireMinScore(SearchOptions options, SimilarityMetric metric)
    {
        if (
            metric == SimilarityMetric.Cosine
            && options is { MinScore: { } least and (< -1 or > 1), Reranker: null, Mode: not SearchMode.Keyword }
        )
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"--min-score must be a number between -1 and 1, not '{least}'")
            );
        }
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_mode, _hybrid, _rerank, _candidates, _groupBy, _groupSize, _explain, _minScore])
            command.Options.Add(option);
    }

    /// <summary>Opens the requested reranker, before reading or sending anything; <see langword="null"/> if none is requested.</summary>
    /// <exception cref="InputException">The model does not exist, or the options contradict each other.</exception>
    public async Task<IReranker?> OpenRerankerAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Check(parsed);
        EmbeddingPipelineOptions pipeline = ChosenModel.Pipeline(parsed) with { Dimensions = null, Overflow = OverflowPolicy.Chunk };
        return parsed.GetValue(_rerank) is { } name
            ? await ChosenModel.Registry.OpenRerankerAsync(name, pipeline, cancellationToken)
            : null;
    }

    public SearchOptions Read(ParseResult parsed, IReranker? reranker) =>
        new()
        {
            Mode = Mode(parsed),
            Reranker = reranker,
            Candidates = parsed.GetValue(_candidates) ?? new SearchOptions().Candidates,
            GroupBy = parsed.GetValue(_groupBy),
            GroupSize = parsed.GetValue(_groupSize) ?? new SearchOptions().GroupSize,
            Explain = parsed.GetValue(_explain),
            MinScore = parsed.GetValue(_minScore),
        };

    private void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_hybrid) && parsed.GetValue(_mode) is { } mode and not SearchMode.Hybrid)
            throw new InputException($"--hybrid and --mode {mode.ToString().ToLowerInvariant()} contradict each other: use one of them");
        if (parsed.GetValue(_groupBy) is null)
            Require(parsed.GetValue(_candidates), parsed.GetValue(_rerank));
        if (parsed.GetValue(_groupSize) is not null && parsed.GetValue(_groupBy) is null)
            throw new InputException("--group-size needs --group-by: name a field with --group-by, or omit --group-size");
    }

    // What a reranker does not get it cannot order, and both rankings together miss the least; see docs/decisions/hybrid-fusion.md.
    private SearchMode Mode(ParseResult parsed) =>
        parsed.GetValue(_mode)
        ?? (parsed.GetValue(_hybrid) || parsed.GetValue(_rerank) is not null ? SearchMode.Hybrid : SearchMode.Semantic);
}
