namespace Sextant.Search;

/// <summary>An item of two fused rankings.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Score">The sum of its reciprocal ranks.</param>
/// <param name="Near">Its place in the ranking by meaning, where it has one.</param>
internal readonly record struct FusedRank(long Key, double Score, int? Near);
