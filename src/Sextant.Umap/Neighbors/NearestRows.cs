namespace Sextant.Umap.Neighbors;

/// <summary>The nearest other rows of each row: exact for small sets, through cells for large ones.</summary>
internal static class NearestRows
{
    /// <summary>Up to here comparing all with all is as fast as being clever.</summary>
    internal const int ExactUpTo = 12_000;

    public static NeighborTable Find(PreparedRows rows, int width, ulong seed, ParallelOptions parallel) =>
        rows.Count <= ExactUpTo ? ExactNeighbors.Find(rows, rows, width, parallel) : ClusteredNeighbors.Find(rows, width, seed, parallel);
}
