namespace Sextant.Evaluation;

/// <summary>Something to measure a model by: texts to embed, and how their vectors are scored.</summary>
public abstract class EvaluationTask
{
    /// <summary>The kind of task.</summary>
    public abstract TaskKind Kind { get; }

    /// <summary>The name of the score that stands in the table.</summary>
    public abstract string MainScore { get; }

    /// <summary>Texts to embed as questions; may repeat.</summary>
    public virtual IReadOnlyList<string> Queries => [];

    /// <summary>Texts to embed as documents, and all texts of tasks that know no roles; may repeat.</summary>
    public abstract IReadOnlyList<string> Documents { get; }

    /// <summary>Notices about the data for readers of the scores, such as judgments of documents that do not exist.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Scores the vectors of <see cref="Queries"/> and <see cref="Documents"/>, a row for each text.</summary>
    public abstract TaskScores Score(EmbeddingTable queries, EmbeddingTable documents, CancellationToken cancellationToken = default);
}
