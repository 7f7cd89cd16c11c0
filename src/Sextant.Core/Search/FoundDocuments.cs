using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>The result of the first stage of a search.</summary>
/// <param name="Hits">The documents, best first.</param>
/// <param name="Mode">The mode they were ranked by, which differs from the requested mode when the model knows no part of the
/// query.</param>
/// <param name="HasCosine">Whether the query had a vector to compare with.</param>
internal readonly record struct FoundDocuments(IReadOnlyList<CollectionHit> Hits, SearchMode Mode, bool HasCosine);
