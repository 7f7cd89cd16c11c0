namespace Sextant.Sources;

/// <summary>
/// How far indexing has come. The three numbers grow side by side: while one batch is indexed, the next is being embedded.
/// </summary>
/// <param name="Read">Documents read from the sources.</param>
/// <param name="Embedded">Documents that have their vectors, those that are unchanged counted too.</param>
/// <param name="Indexed">Documents that are stored and can be found.</param>
/// <param name="AllRead">Whether the sources are at their end, so that <paramref name="Read"/> is the total.</param>
public readonly record struct IndexingProgress(long Read, long Embedded, long Indexed, bool AllRead);
