using System.Diagnostics;
using Sextant.Embedding;
using Sextant.Evaluation.Data;
using Sextant.Evaluation.Statistics;

namespace Sextant.Evaluation;

/// <summary>Measures models on tasks, with vectors kept in one or several ways; every text is embedded once.</summary>
public static class Evaluator
{
    /// <summary>Measures one model on one task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The task.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels between two batches, and while scoring.</param>
    /// <returns>A result for each way to keep vectors that the model's length allows, in their order.</returns>
    /// <exception cref="InputException">The data cannot be read.</exception>
    public static async Task<IReadOnlyList<EvaluationResult>> RunAsync(
        EvaluationModel model,
        TaskSource source,
        EvaluatorOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new EvaluatorOptions();
        string fingerprint = model.Profile?.Fingerprint ?? "";
        int? known = model.Profile?.Dimensions;
        // Without a profile nothing says which model it is, and nothing may be taken for a result of it.
        ResultStore? store = fingerprint.Length > 0 ? options.Store : null;
        var results = new EvaluationResult?[options.Shapes.Count];
        for (int i = 0; i < results.Length; i++)
        {
            VectorShape shape = options.Shapes[i];
            if ((shape.Dimensions ?? known) is { } length)
                results[i] = store?.Find(fingerprint, source.Revision, length, shape.Storage);
        }

        int[] missing = [.. Enumerable.Range(0, results.Length).Where(i => results[i] is null && !(options.Shapes[i].Dimensions > known))];
        if (missing.Length > 0)
        {
            var run = new TaskRun(model, source, options, fingerprint);
            await run.EmbedAsync(cancellationToken).ConfigureAwait(false);
            foreach (int i in missing)
            {
                results[i] = run.Score(options.Shapes[i], cancellationToken);
                if (results[i] is { } result)
                    store?.Keep(result);
            }
        }

        // Prices change and names are the user's; scores do not.
        return
        [
            .. results
                .OfType<EvaluationResult>()
                .Select(result => result with { Model = model.Name, Task = source.Name, UsdPerMillionTokens = model.UsdPerMillionTokens }),
        ];
    }

    /// <summary>One task with the vectors of one model.</summary>
    private sealed class TaskRun(EvaluationModel model, TaskSource source, EvaluatorOptions options, string fingerprint)
    {
        private readonly EvaluationTask _task = source.Load();
        private readonly long _began = Stopwatch.GetTimestamp();
        private TextTables? _tables;
        private EmbeddingTable? _queries,
            _documents;
        private double _embedded;

        public async Task EmbedAsync(CancellationToken cancellationToken)
        {
            _tables = new TextTables(model, options.Progress, _task.Queries.Count + _task.Documents.Count);
            _queries = await _tables.EmbedAsync(_task.Queries, EmbeddingRole.Query, cancellationToken).ConfigureAwait(false);
            _documents = await _tables.EmbedAsync(_task.Documents, EmbeddingRole.Document, cancellationToken).ConfigureAwait(false);
            _embedded = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        }

        public EvaluationResult? Score(VectorShape shape, CancellationToken cancellationToken)
        {
            long began = Stopwatch.GetTimestamp();
            int dimensions = shape.Dimensions ?? _documents!.Dimensions;
            if (dimensions > _documents!.Dimensions)
                return null;
            TaskScores scores =
                _queries!.Count == 0
                    ? _task.Score(_queries, _documents.Stored(dimensions, shape.Storage), cancellationToken)
                    : _task.Score(
                        _queries.StoredQueries(dimensions, shape.Storage),
                        _documents.StoredDocuments(dimensions, shape.Storage),
                        cancellationToken
                    );
            return new EvaluationResult
            {
                Model = model.Name,
                Fingerprint = fingerprint,
                Task = source.Name,
                Kind = source.Kind,
                Revision = source.Revision,
                Dimensions = dimensions,
                Storage = shape.Storage,
                MainScore = _task.MainScore,
                Scores = scores.Scores,
                Notes = [.. _task.Notes, .. scores.Notes],
                Replicates = [.. Bootstrap.Replicates(scores.Samples).Select(static value => Math.Round(value, 6))],
                Texts = _tables!.Texts,
                EmbeddingSeconds = _tables.Seconds,
                Seconds = _embedded + Stopwatch.GetElapsedTime(began).TotalSeconds,
                MeasuredAt = options.TimeProvider.GetUtcNow(),
            };
        }
    }
}
