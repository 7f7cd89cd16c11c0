using System.Diagnostics;
using System.Globalization;
using Sextant.Embedding;
using Sextant.Evaluation.Data;
using Sextant.Evaluation.Statistics;
using Sextant.Evaluation.Tasks;

namespace Sextant.Evaluation;

/// <summary>
/// Measures searches rather than vectors: the corpus of a retrieval task goes into a temporary collection, and each query is searched as a
/// user would search it: by words, by meaning, by both, and each of them with its candidates ordered by a second model.
/// </summary>
public static class SearchEvaluator
{
    /// <summary>How many queries are asked with nothing in the cache: each embeds all of its candidates.</summary>
    private const int ColdQueries = 3;

    private const int Batch = 2048;

    private static readonly SearchMode[] Modes = [SearchMode.Keyword, SearchMode.Semantic, SearchMode.Hybrid];

    /// <summary>Measures one model with a reranker on one task.</summary>
    /// <param name="model">The model of the collection.</param>
    /// <param name="source">A retrieval task.</param>
    /// <param name="options">The reranker, and its number of candidates.</param>
    /// <param name="cancellationToken">Cancels between two searches.</param>
    /// <returns>For each mode, a result of the first stage only and one of both stages.</returns>
    /// <exception cref="InputException">The data cannot be read, is not a retrieval task, or the reranker does not exist.</exception>
    public static async Task<IReadOnlyList<SearchEvaluationResult>> RunAsync(
        EvaluationModel model,
        TaskSource source,
        SearchEvaluatorOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Candidates, 1, nameof(options));
        if (source.Kind != TaskKind.Retrieval || source.Load() is not RetrievalTask task)
            throw new InputException($"{source.Name} is not a retrieval task, so search cannot be evaluated on it");

        string folder = Directory.CreateTempSubdirectory("sextant-").FullName;
        try
        {
            EmbeddingPipelineOptions pipeline = options.Pipeline with { Dimensions = null };
            if (!pipeline.UseCache)
                pipeline = pipeline with { UseCache = true, CacheDirectory = Path.Combine(folder, "cache") };
            using IReranker reranker = await options
                .Models.OpenRerankerAsync(options.Rerank, pipeline, cancellationToken)
                .ConfigureAwait(false);
            using IReranker cold = await options
                .Models.OpenRerankerAsync(options.Rerank, pipeline with { UseCache = false }, cancellationToken)
                .ConfigureAwait(false);
            SemanticSearchEngine engine = await SemanticSearchEngine
                .CreateAsync(Path.Combine(folder, "collection"), new() { Generator = model.Generator }, cancellationToken)
                .ConfigureAwait(false);
            await using (engine.ConfigureAwait(false))
            {
                // Equal scores come in the order of addition, which is made trec_eval's.
                foreach (int[] rows in task.RowsByPlace().Chunk(Batch))
                {
                    await engine
                        .AddDocumentsAsync(
                            rows.Select(row => new Document(task.Documents[row]) { Id = row.ToString(CultureInfo.InvariantCulture) }),
                            cancellationToken
                        )
                        .ConfigureAwait(false);
                }

                return await new Run(model, source, task, engine, options)
                    .MeasureAsync(reranker, cold, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One task in a collection.</summary>
    private sealed class Run(
        EvaluationModel model,
        TaskSource source,
        RetrievalTask task,
        SemanticSearchEngine engine,
        SearchEvaluatorOptions options
    )
    {
        private long _done;

        public async Task<IReadOnlyList<SearchEvaluationResult>> MeasureAsync(
            IReranker reranker,
            IReranker cold,
            CancellationToken cancellationToken
        )
        {
            List<SearchEvaluationResult> results = [];
            foreach (SearchMode mode in Modes)
            {
                SearchOptions first = new() { Mode = mode, Candidates = options.Candidates },
                    both = first with { Reranker = reranker };
                // The first search of a kind pays for compiling and for opening.
                await SearchAsync(0, first, cancellationToken).ConfigureAwait(false);
                Searches plain = await SearchAllAsync(task.Queries.Count, first, cancellationToken).ConfigureAwait(false);
                double? coldMilliseconds = await IsFreeAsync(cold, plain, cancellationToken).ConfigureAwait(false)
                    ? (
                        await SearchAllAsync(Math.Min(ColdQueries, task.Queries.Count), first with { Reranker = cold }, cancellationToken)
                            .ConfigureAwait(false)
                    ).Median
                    : null;
                Searches reranked = await SearchAllAsync(task.Queries.Count, both, cancellationToken).ConfigureAwait(false);
                Searches warm = await IsFreeAsync(reranker, plain, cancellationToken).ConfigureAwait(false)
                    ? await SearchAllAsync(task.Queries.Count, both, cancellationToken).ConfigureAwait(false)
                    : reranked;
                results.Add(Result(mode, null, plain, plain.Median));
                results.Add(Result(mode, reranker.Profile.Name, reranked, warm.Median) with { ColdMilliseconds = coldMilliseconds });
            }

            return [.. results.Where(result => result.Rerank is null), .. results.Where(result => result.Rerank is not null)];
        }

        private async Task<Searches> SearchAllAsync(int count, SearchOptions how, CancellationToken cancellationToken)
        {
            Searches searches = new(count);
            for (int query = 0; query < count; query++)
            {
                long began = Stopwatch.GetTimestamp();
                searches.Found[query] = await SearchAsync(query, how, cancellationToken).ConfigureAwait(false);
                searches.Milliseconds[query] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                _done++;
                options.Progress?.Report((_done, Math.Max(_done, (long)Modes.Length * ((3 * task.Queries.Count) + ColdQueries))));
            }

            return searches;
        }

        private async Task<IReadOnlyList<SearchResult>> SearchAsync(int query, SearchOptions how, CancellationToken cancellationToken) =>
            string.IsNullOrWhiteSpace(task.Queries[query])
                ? []
                : await engine.SearchAsync(task.Queries[query], options.Candidates, how, cancellationToken).ConfigureAwait(false);

        private async Task<bool> IsFreeAsync(IReranker reranker, Searches searches, CancellationToken cancellationToken) =>
            await reranker
                .EstimateCostAsync(task.Queries[0], [.. searches.Found[0].Select(hit => hit.Text)], cancellationToken)
                .ConfigureAwait(false) == 0;

        private SearchEvaluationResult Result(SearchMode mode, string? rerank, Searches searches, double milliseconds)
        {
            TaskScores scores = task.Score(
                [
                    .. searches.Found.Select(hits =>
                        (IReadOnlyList<int>)[.. hits.Select(hit => int.Parse(hit.Id, CultureInfo.InvariantCulture))]
                    ),
                ],
                options.Candidates
            );
            return new()
            {
                Model = model.Name,
                Task = source.Name,
                Mode = mode,
                Rerank = rerank,
                Candidates = options.Candidates,
                Queries = task.Queries.Count,
                MainScore = task.MainScoreWithin(options.Candidates),
                Scores = scores.Scores,
                Replicates = Bootstrap.Replicates(scores.Samples),
                Milliseconds = milliseconds,
            };
        }
    }

    /// <summary>The results of some queries, and how long each took.</summary>
    private sealed class Searches(int count)
    {
        public IReadOnlyList<SearchResult>[] Found { get; } = new IReadOnlyList<SearchResult>[count];

        public double[] Milliseconds { get; } = new double[count];

        public double Median => Milliseconds.Length == 0 ? double.NaN : Milliseconds.Order().ElementAt(Milliseconds.Length / 2);
    }
}
