using System.CommandLine;
using System.Globalization;
using Sextant.Embedding;

namespace Sextant.Cli.Commands.Search;

/// <summary>
/// The options that determine the order of results: the search mode, the reranker, and the filtering and explanation of their scores.
/// </summary>
internal sealed class SearchStageOptions
{
    private readonly Option<SearchMode?> _mode = ChoiceOption.Create(
        "--mode", "Rank by meaning, by words (BM25), or by both [default: semantic; hybrid with --rerank]",
        ("semantic", SearchMode.Semantic), ("keyword", SearchMode.Keyword), ("hybrid", SearchMode.Hybrid));

    private readonly Option<bool> _hybrid = new("--hybrid") { Description = "Short for --mode hybrid" };

    private readonly Option<string?> _rerank = new("--rerank")
    {
        Description = "Order the best candidates by a stronger model: an embedding model, a cross-encoder, a hosted reranker",
        HelpName = "MODEL",
    };

    private readonly Option<int?> _candidates = Candidates();

    private readonly Option<bool> _explain = new("--explain") { Description = "Show what each stage made of every result: scores and ranks" };

    private readonly Option<float?> _minScore = NumberOption.Finite("--min-score", "Leave out results whose score is lower (a cosine, from -1 to 1, unless --mode or --rerank says otherwise)");

    /// <summary>How many documents the second stage gets.</summary>
    public static Option<int?> Candidates() => NumberOption.Whole("--candidates", "How many of the best documents --rerank orders [default: 100]", least: 1);

    /// <exception cref="InputException">Candidates are counted and nothing orders them.</exception>
    public static void Require(int? candidates, string? rerank)
    {
        if (candidates is not null && rerank is null)
            throw new InputException("--candidates says how many documents --rerank orders: name a model with --rerank, or leave --candidates out");
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_mode, _hybrid, _rerank, _candidates, _explain, _minScore]) command.Options.Add(option);
    }

    /// <summary>Opens the requested reranker, before reading or sending anything; <see langword="null"/> if none is requested.</summary>
    /// <exception cref="InputException">The model does not exist, or the options contradict each other.</exception>
    public async Task<IReranker?> OpenRerankerAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Check(parsed);
        EmbeddingPipelineOptions pipeline = ChosenModel.Pipeline(parsed) with { Dimensions = null, Overflow = Overflow.Chunk };
        return parsed.GetValue(_rerank) is { } name ? await ChosenModel.Registry.OpenRerankerAsync(name, pipeline, cancellationToken) : null;
    }

    public SearchOptions Read(ParseResult parsed, IReranker? reranker) => new()
    {
        Mode = Mode(parsed),
        Reranker = reranker,
        Candidates = parsed.GetValue(_candidates) ?? new SearchOptions().Candidates,
        Explain = parsed.GetValue(_explain),
        MinScore = parsed.GetValue(_minScore),
    };

    private void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_hybrid) && parsed.GetValue(_mode) is { } mode and not SearchMode.Hybrid)
            throw new InputException($"--hybrid and --mode {mode.ToString().ToLowerInvariant()} contradict each other: give one of them");
        Require(parsed.GetValue(_candidates), parsed.GetValue(_rerank));
        if (parsed.GetValue(_minScore) is { } least and (< -1 or > 1) && parsed.GetValue(_rerank) is null && Mode(parsed) != SearchMode.Keyword)
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--min-score wants a number between -1 and 1, not '{least}'"));
    }

    // What a reranker does not get it cannot order, and both rankings together miss the least; see docs/decisions/hybrid-fusion.md.
    private SearchMode Mode(ParseResult parsed) =>
        parsed.GetValue(_mode) ?? (parsed.GetValue(_hybrid) || parsed.GetValue(_rerank) is not null ? SearchMode.Hybrid : SearchMode.Semantic);
}
