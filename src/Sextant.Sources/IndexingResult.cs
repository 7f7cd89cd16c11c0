using Sextant.Sources.Reading;

namespace Sextant.Sources;

/// <summary>The result of indexing.</summary>
/// <param name="Added">New documents.</param>
/// <param name="Updated">Changed documents.</param>
/// <param name="Skipped">Unchanged documents, which were not embedded again.</param>
/// <param name="Removed">Documents that no longer exist in the sources.</param>
/// <param name="Total">Documents in the collection now.</param>
/// <param name="BadRows">Unreadable rows that were skipped, if skipping is enabled.</param>
public sealed record IndexingResult(long Added, long Updated, long Skipped, long Removed, long Total, int BadRows)
{
    /// <summary>
    /// What a user should know of the sources, such as a column that is read as text although its cells look like numbers.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The first 1,000 of the skipped rows and files, with the reason.</summary>
    public IReadOnlyList<SkippedRow> SkippedRows { get; init; } = [];
}
