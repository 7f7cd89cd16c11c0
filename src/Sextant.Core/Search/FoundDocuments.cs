using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>The result of the first stage of a search.</summary>
/// <param name="Hits">The documents, best first.</param>
/// <param name="Mode">By what they were ranked, which is not what was asked for when the model knows no part of the query.</param>
/// <param name="HasCosine">Whether a vector of the query was there to compare with.</param>
internal readonly record struct FoundDocuments(IReadOnlyList<CollectionHit> Hits, SearchMode Mode, bool HasCosine);
