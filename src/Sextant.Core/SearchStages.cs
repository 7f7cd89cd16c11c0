namespace Sextant;

/// <summary>What each stage of a search made of a document. A stage that did not see it is <see langword="null"/>.</summary>
public sealed record SearchStages
{
    /// <summary>
    /// By meaning: the cosine similarity to the query. It is known of every document unless the model knows no part of the query; the rank
    /// is
    /// known of those that were found by it.
    /// </summary>
    public SearchStage? Semantic { get; init; }

    /// <summary>By words: BM25.</summary>
    public SearchStage? Keyword { get; init; }

    /// <summary>
    /// By both, in a hybrid search: the weighted sum of what meaning and words say, in [0, 1]; where a vector store fuses itself, the score
    /// that it gives.
    /// </summary>
    public SearchStage? Fused { get; init; }

    /// <summary>By the reranker: its score, and the place among the candidates that it gives.</summary>
    public SearchStage? Rerank { get; init; }
}

/// <summary>The rank and score of a document in one stage of a search.</summary>
/// <param name="Score">The stage's own score; higher is better.</param>
/// <param name="Rank">
/// Its place in the stage's ranking, from 1; <see langword="null"/> when it is not among the documents that the stage found.
/// </param>
public sealed record SearchStage(float Score, int? Rank);
