namespace Sextant.Evaluation;

/// <summary>What a task asks of a model; the names are MTEB's.</summary>
public enum TaskKind
{
    /// <summary>Pairs of sentences with a score: does cosine rise with it?</summary>
    Sts = 0,

    /// <summary>Pairs of words with a score; pairs of which the model does not know a word are left out.</summary>
    WordSimilarity = 1,

    /// <summary>Queries, documents and judgments: do the relevant ones come first?</summary>
    Retrieval = 2,

    /// <summary>The same, among the candidates given with each question.</summary>
    Reranking = 3,

    /// <summary>Labeled texts: accuracy of a logistic regression trained on a few vectors per label.</summary>
    Classification = 4,

    /// <summary>Labeled texts: agreement of k-means clusters with the labels.</summary>
    Clustering = 5,

    /// <summary>Positive and negative pairs: how well cosine similarity separates them.</summary>
    PairClassification = 6,
}
