namespace Sextant.Search;

/// <summary>How far moving a collection to another model is.</summary>
/// <param name="Done">How many documents have their new vector.</param>
/// <param name="Total">The number of documents.</param>
/// <param name="BuildsIndex">Whether the index over the new vectors is being built, which comes last.</param>
public readonly record struct ReembeddingProgress(long Done, long Total, bool BuildsIndex);
