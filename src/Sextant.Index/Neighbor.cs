namespace Sextant.Index;

/// <summary>A vector that was found.</summary>
/// <param name="Id">The id that it was added under.</param>
/// <param name="Score">Its similarity to the query; higher is nearer.</param>
public readonly record struct Neighbor(long Id, float Score);
