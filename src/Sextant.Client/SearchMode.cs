namespace Sextant.Client;

/// <summary>The method to find and rank documents.</summary>
public enum SearchMode
{
    /// <summary>By meaning: the nearest vectors.</summary>
    Semantic = 0,

    /// <summary>By words: full-text search, ranked by BM25.</summary>
    Keyword = 1,

    /// <summary>By both, a weighted sum of what each says.</summary>
    Hybrid = 2,
}
