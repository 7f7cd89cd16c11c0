namespace Sextant.Evaluation;

/// <summary>What a task asks of a model; the names are MTEB's.</summary>
public enum TaskKind
{
    /// <summary>Pairs of sentences with a score: does cosine rise with it?</summary>
    Sts = 0,

    /// <summary>Pairs of words with a score; pairs of which the model does not know a word are left out.</summary>
    WordSimilarity = 1,

    /// <summary>Questions, documents and judgements: do the relevant ones come first?</summary>
    Retrieval = 2,

    /// <summary>The same, among the candidates given with each question.</summary>
    Reranking = 3,

    /// <summary>Labelled texts: how much does a logistic regression learn from a few vectors of each label?</summary>
    Classification = 4,

    /// <summary>Labelled texts: does k-means find the labels again?</summary>
    Clustering = 5,

    /// <summary>Pairs that belong together or do not: does cosine tell?</summary>
    PairClassification = 6,
}
