namespace Sextant.Search;

/// <summary>A document of two fused rankings.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Score">The fused score, in [0, 1].</param>
/// <param name="Near">Its place in the ranking by meaning, where it has one.</param>
/// <param name="Words">Its place in the ranking by words, where it has one.</param>
internal readonly record struct FusedRank(long Key, double Score, int? Near, int? Words);
