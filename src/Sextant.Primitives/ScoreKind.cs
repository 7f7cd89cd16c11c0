namespace Sextant;

/// <summary>What a score measures. Higher is better for every kind; scores of two kinds do not compare.</summary>
public enum ScoreKind
{
    /// <summary>The cosine similarity of two vectors, in [-1, 1].</summary>
    Cosine = 0,

    /// <summary>
    /// How much the words of the query weigh in the text, from 0 up without a bound: BM25, or the ranking of the same kind that the store
    /// has.
    /// </summary>
    Bm25 = 1,

    /// <summary>A probability, in [0, 1]: a cross-encoder's logit through the sigmoid function.</summary>
    Probability = 2,

    /// <summary>A model's raw output, of any size and sign.</summary>
    Logit = 3,

    /// <summary>What a service calls relevance; most keep it in [0, 1], and none says what it means.</summary>
    Relevance = 4,

    /// <summary>The inner product of two vectors, of any size and sign; higher is nearer.</summary>
    Dot = 5,

    /// <summary>The Euclidean distance of two vectors, negated: 0 for equal ones, and lower the farther they are apart.</summary>
    Euclidean = 6,
}
