using System.Globalization;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Search;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
    // Those that searches have named; the engine's own.
    private readonly OpenedOnce<string, IReranker> _rerankers;

    /// <summary>
    /// Opens what a search with these options needs, which the first of them would do otherwise: the collection's model, the reranker.
    /// </summary>
    /// <param name="options">The options of the searches to come.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <exception cref="SextantException">A model cannot be opened, or is another edition than the collection was made with.</exception>
    public async Task PrepareAsync(SearchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfDisposed();
        if (NeedsVector(options))
            await ModelAsync(cancellationToken).ConfigureAwait(false);
        if (options.Rerank is { } name)
            await _rerankers.GetAsync(name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<SearchResult>> RerankAsync(
        string query,
        int topK,
        SearchOptions options,
        CancellationToken cancellationToken
    )
    {
        ThrowIfDisposed();
        // Before anything is embedded: a name that stands for nothing should cost nothing.
        IReranker reranker = options.Reranker ?? await _rerankers.GetAsync(options.Rerank!, cancellationToken).ConfigureAwait(false);
        long deepest = (long)options.Offset + topK;
        int wide = (int)Math.Min(int.MaxValue, topK == 0 ? 0 : Math.Max(options.Candidates, deepest));
        SearchOptions first = options with { Offset = 0, MinScore = null };
        FoundDocuments found = await FindAsync(query, wide, first, cancellationToken).ConfigureAwait(false);
        if (found.Hits.Count == 0)
            return [];

        string[] texts = [.. found.Hits.Select(hit => hit.Document.Text)];
        if (options.MaxRerankCost is { } most)
        {
            RequireAffordable(
                reranker,
                await reranker.EstimateCostAsync(query, texts, cancellationToken).ConfigureAwait(false),
                texts.Length,
                most
            );
        }

        IReadOnlyList<float> scores = await reranker.ScoreAsync(query, texts, cancellationToken).ConfigureAwait(false);
        Require(reranker, scores, texts.Length);

        // Equal scores stay in the order of the first stage.
        SearchResult[] candidates = [.. Results(found, first)];
        return
        [
            .. candidates
                .Select((result, i) => (Result: result, Score: scores[i]))
                .OrderByDescending(one => one.Score)
                .Select(
                    (one, i) =>
                        one.Result with
                        {
                            Rank = i + 1,
                            Score = one.Score,
                            ScoreKind = reranker.Profile.ScoreKind,
                            Stages = one.Result.Stages is { } stages ? stages with { Rerank = new(one.Score, i + 1) } : null,
                        }
                )
                .TakeWhile(result => options.MinScore is not { } least || result.Score >= least)
                .Skip(options.Offset)
                .Take(topK),
        ];
    }

    private Task<IReranker> OpenRerankerAsync(string name)
    {
        // The collection's dimensions do not apply to the reranker, and a long candidate must not fail a search.
        EmbeddingPipelineOptions pipeline = _options.Pipeline ?? new();
        pipeline = pipeline with
        {
            Dimensions = null,
            Overflow = pipeline.Overflow == OverflowPolicy.Error ? OverflowPolicy.Chunk : pipeline.Overflow,
        };
        return (_options.Models ?? ModelRegistry.Default).OpenRerankerAsync(name, pipeline, CancellationToken.None);
    }

    private static void RequireAffordable(IReranker reranker, decimal? cost, int documents, decimal most)
    {
        if (cost is not { } usd)
        {
            throw new InputException(
                $"the price of {reranker.Profile.Name} is unknown, so the cost of reranking cannot be limited; search without a limit, "
                    + $"or with another reranker"
            );
        }

        if (usd > most)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"reranking {documents} candidates with {reranker.Profile.Name} would cost ${usd:0.######}, more than "
                        + $"${most:0.######}: raise the limit, or rerank fewer; nothing was sent"
                )
            );
        }
    }

    private static void Require(IReranker reranker, IReadOnlyList<float> scores, int documents)
    {
        if (scores.Count != documents)
        {
            throw new SextantException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{reranker.Profile.Name} returned {scores.Count} scores for {documents} documents"
                )
            );
        }

        if (!scores.All(float.IsFinite))
            throw new SextantException($"{reranker.Profile.Name} returned a score that is not a finite number");
    }
}
