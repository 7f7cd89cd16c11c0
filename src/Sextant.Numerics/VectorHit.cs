namespace Sextant.Numerics;

/// <summary>A result of an in-memory search.</summary>
/// <param name="Index">Its index in the searched vectors, from 0.</param>
/// <param name="Score">Its cosine with the query, from −1 to 1.</param>
public readonly record struct VectorHit(int Index, float Score);
