namespace Sextant.Search;

/// <summary>How far copying a collection is.</summary>
/// <param name="Done">How many documents are in the copy.</param>
/// <param name="Total">How many there were when it began.</param>
public readonly record struct CopyProgress(long Done, long Total);
