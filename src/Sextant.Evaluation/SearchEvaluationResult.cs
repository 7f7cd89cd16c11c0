namespace Sextant.Evaluation;

/// <summary>The result of one search method on a retrieval task.</summary>
public sealed record SearchEvaluationResult
{
    /// <summary>The model that the collection was made with.</summary>
    public required string Model { get; init; }

    /// <summary>The task's name.</summary>
    public required string Task { get; init; }

    /// <summary>The first stage.</summary>
    public required SearchMode Mode { get; init; }

    /// <summary>The second stage: the model that ordered the candidates, or <see langword="null"/>.</summary>
    public string? Rerank { get; init; }

    /// <summary>How many documents each search found: those that are scored, and those that the second stage orders.</summary>
    public required int Candidates { get; init; }

    /// <summary>How many queries there were.</summary>
    public required int Queries { get; init; }

    /// <summary>The name of the task's main score.</summary>
    public required string MainScore { get; init; }

    /// <summary>
    /// All scores by name, such as <c>ndcg_at_10</c> and <c>recall_at_100</c>; those deeper than <see cref="Candidates"/> are left out.
    /// </summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>The main score on each resample of the queries; see <see cref="Sextant.Evaluation.Statistics.Bootstrap"/>.</summary>
    public required IReadOnlyList<double> Replicates { get; init; }

    /// <summary>
    /// The median time of a search, in milliseconds. With a reranker that is an embedding model, its vectors come from the cache.
    /// </summary>
    public required double Milliseconds { get; init; }

    /// <summary>
    /// The median time of a search whose candidates the reranker has never met, in milliseconds, over a few queries; <see langword="null"/>
    /// without a reranker, and where it would cost money.
    /// </summary>
    public double? ColdMilliseconds { get; init; }

    /// <summary>The score that stands in the table.</summary>
    public double Main => Scores.GetValueOrDefault(MainScore, double.NaN);
}
