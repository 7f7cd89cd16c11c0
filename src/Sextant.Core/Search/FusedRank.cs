namespace Sextant.Search;

/// <summary>A document of two fused rankings.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Score">The fused score, in [0, 1].</param>
/// <param name="SemanticRank">Its rank by cosine, from 1; <see langword="null"/> where that ranking does not contain it.</param>
/// <param name="KeywordRank">Its rank by keywords, from 1; <see langword="null"/> where that ranking does not contain it.</param>
public readonly record struct FusedRank(long Key, double Score, int? SemanticRank, int? KeywordRank);
