namespace Sextant.Sources;

/// <summary>What indexing did.</summary>
/// <param name="Added">Documents that are new.</param>
/// <param name="Updated">Documents that have changed.</param>
/// <param name="Skipped">Documents that are the same as before; nothing was computed for them.</param>
/// <param name="Removed">Documents that are no longer in the sources.</param>
/// <param name="Total">Documents in the collection now.</param>
/// <param name="BadRows">Rows that could not be read and were passed over, where that was asked for.</param>
public sealed record IndexingResult(long Added, long Updated, long Skipped, long Removed, long Total, int BadRows)
{
    /// <summary>What a user should know of the sources, such as a column that is read as text although its cells look like numbers.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
