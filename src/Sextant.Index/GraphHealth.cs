namespace Sextant.Index;

/// <summary>The state of an index's graph.</summary>
/// <param name="Unreachable">The number of vectors that no traversal from the entry point can reach.</param>
/// <param name="Degrees">The number of vectors by their number of links on the lowest level, from 0 up.</param>
public sealed record GraphHealth(int Unreachable, IReadOnlyList<int> Degrees);
