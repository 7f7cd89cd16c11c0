namespace Sextant;

/// <summary>The rank and score of a document in one stage of a search.</summary>
/// <param name="Score">The stage's own score; higher is better.</param>
/// <param name="Rank">
/// Its place in the stage's ranking, from 1; <see langword="null"/> when it is not among the documents that the stage found.
/// </param>
public sealed record SearchStage(float Score, int? Rank);
