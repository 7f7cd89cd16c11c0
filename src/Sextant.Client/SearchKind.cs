namespace Sextant.Client;

/// <summary>By what documents are found and ranked.</summary>
public enum SearchKind
{
    /// <summary>By meaning: the nearest vectors.</summary>
    Semantic = 0,

    /// <summary>By words: full-text search, ranked by BM25.</summary>
    Keyword = 1,

    /// <summary>By both, their rankings fused by reciprocal rank.</summary>
    Hybrid = 2,
}
