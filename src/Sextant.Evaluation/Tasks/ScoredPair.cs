namespace Sextant.Evaluation.Tasks;

/// <summary>Two texts and how near people find them.</summary>
/// <param name="First">One text.</param>
/// <param name="Second">The other.</param>
/// <param name="Score">On any scale; higher is nearer.</param>
public readonly record struct ScoredPair(string First, string Second, double Score);
