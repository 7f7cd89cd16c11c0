namespace Sextant.Search.Storage.Keywords;

/// <summary>Documents that hold words of a query, best first by BM25.</summary>
/// <param name="Found">The documents; read once.</param>
/// <param name="Frequencies">For each word that was looked for, how many documents hold it, up to a bound.</param>
internal readonly record struct KeywordRanking(IEnumerable<(long Key, float Score)> Found, IReadOnlyList<long> Frequencies);
