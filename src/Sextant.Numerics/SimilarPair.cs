namespace Sextant.Numerics;

/// <summary>Two vectors that are similar.</summary>
/// <param name="First">The place of the one that comes first, from 0.</param>
/// <param name="Second">The place of the other.</param>
/// <param name="Score">Their cosine, from −1 to 1.</param>
public readonly record struct SimilarPair(int First, int Second, float Score);
