namespace Sextant.Numerics;

/// <summary>A vector that a search in memory found.</summary>
/// <param name="Index">Its place in what was searched, from 0.</param>
/// <param name="Score">Its cosine with the query, from −1 to 1.</param>
public readonly record struct VectorHit(int Index, float Score);
