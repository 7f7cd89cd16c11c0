namespace Sextant.Sources.Transfer;

/// <summary>The result of an import.</summary>
/// <param name="Added">New documents.</param>
/// <param name="Updated">Documents that replaced one with the same id.</param>
/// <param name="Unchanged">Documents that already existed.</param>
/// <param name="Total">The number of documents in the collection after the import.</param>
/// <param name="Dimensions">The length of each vector.</param>
/// <param name="Model">The model of the collection; <c>vectors</c> if unknown.</param>
/// <param name="KeptGraph">
/// Whether searches use the file's own graph; <see langword="false"/> if a graph was built, or the file has none.
/// </param>
/// <param name="Warning">
/// A notice for the user, such as why the file's graph was not kept; <see langword="null"/> if there is nothing to report.
/// </param>
public sealed record ImportResult(
    long Added,
    long Updated,
    long Unchanged,
    long Total,
    int Dimensions,
    string Model,
    bool KeptGraph,
    string? Warning
);
