using Sextant.Search.Storage;

namespace Sextant.Search.Browsing;

/// <summary>Documents that were listed without a query.</summary>
/// <param name="Documents">The documents in their order.</param>
/// <param name="Total">The number of all documents that match the filter.</param>
public sealed record BrowseResult(IReadOnlyList<StoredDocument> Documents, long Total);
