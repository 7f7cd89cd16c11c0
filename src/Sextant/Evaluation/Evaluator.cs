using System.Diagnostics;
using Sextant.Embedding;
using Sextant.Evaluation.Data;

namespace Sextant.Evaluation;

/// <summary>Measures models on tasks, with vectors kept in one or several ways; every text is embedded once.</summary>
public static class Evaluator
{
    /// <summary>Measures one model on one task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The task.</param>
    /// <param name="shapes">How vectors are kept; a result for each.</param>
    /// <param name="progress">Hears how many texts are embedded.</param>
    /// <param name="cancellationToken">Stops between two batches, and while searching.</param>
    /// <exception cref="InputException">The data cannot be read, or the model does not give so many dimensions.</exception>
    public static async Task<IReadOnlyList<EvaluationResult>> RunAsync(
        EvaluationModel model, TaskSource source, IReadOnlyList<VectorShape> shapes,
        IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(shapes);
        long began = Stopwatch.GetTimestamp();
        EvaluationTask task = source.Load();
        var tables = new TextTables(model, progress);
        EmbeddingTable queries = await tables.EmbedAsync(task.Queries, EmbeddingRole.Query, cancellationToken).ConfigureAwait(false);
        EmbeddingTable documents = await tables.EmbedAsync(task.Documents, EmbeddingRole.Document, cancellationToken).ConfigureAwait(false);
        double embedded = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var results = new List<EvaluationResult>();
        foreach (VectorShape shape in shapes)
        {
            long shaped = Stopwatch.GetTimestamp();
            int dimensions = shape.Dimensions ?? documents.Dimensions;
            TaskScores scores = task.Score(
                queries.Count == 0 ? queries : queries.Stored(dimensions, shape.Storage), documents.Stored(dimensions, shape.Storage), cancellationToken);
            results.Add(new EvaluationResult
            {
                Model = model.Name,
                Fingerprint = model.Profile?.Fingerprint ?? model.Name,
                Task = source.Name,
                Kind = source.Kind,
                Revision = source.Revision,
                Dimensions = dimensions,
                Storage = shape.Storage,
                MainScore = task.MainScore,
                Scores = scores.Scores,
                Samples = scores.Samples,
                Texts = tables.Texts,
                EmbeddingSeconds = tables.Seconds,
                Seconds = embedded + Stopwatch.GetElapsedTime(shaped).TotalSeconds,
            });
        }

        return results;
    }
}
