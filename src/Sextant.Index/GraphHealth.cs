namespace Sextant.Index;

/// <summary>What state a graph is in.</summary>
/// <param name="Unreachable">How many vectors no walk from the entry can come to.</param>
/// <param name="Degrees">How many vectors have each number of links on the lowest level, from 0 up.</param>
internal sealed record GraphHealth(int Unreachable, IReadOnlyList<int> Degrees);
