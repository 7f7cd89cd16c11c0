namespace Sextant.Search.Federation;

/// <summary>What a search of several collections found.</summary>
/// <param name="Results">The results, best first.</param>
/// <param name="IsByScore">Whether they are in the order of their scores; otherwise in the order of their ranks.</param>
public sealed record FederatedResults(IReadOnlyList<FederatedResult> Results, bool IsByScore);

/// <summary>A document that a search of several collections found.</summary>
/// <param name="Collection">The place of its collection among those that were searched, from 0.</param>
/// <param name="Result">The result; its rank is among the results of all collections.</param>
public sealed record FederatedResult(int Collection, SearchResult Result);
