namespace Sextant.Umap;

/// <summary>For each row, its nearest other rows, nearest first, and their distances.</summary>
/// <remarks>Made by UMAP itself, or by the caller from an index that exists already.</remarks>
public sealed class NeighborTable
{
    private readonly int[] _rows;
    private readonly float[] _distances;

    /// <summary>Creates a table of precomputed neighbors.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="rows">
    /// count × width row numbers, row-major, nearest first. A row may contain itself (ignored); -1 marks the end.
    /// </param>
    /// <param name="distances">Their distances, at least 0, in the same order.</param>
    /// <exception cref="ArgumentException">The lengths do not match <paramref name="count"/> or each other.</exception>
    /// <exception cref="InputException">A row number is out of range, or a distance is negative, NaN or infinite.</exception>
    public NeighborTable(int count, ReadOnlySpan<int> rows, ReadOnlySpan<float> distances)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (rows.Length != distances.Length || (count == 0 ? rows.Length != 0 : rows.Length % count != 0))
        {
            throw new ArgumentException(
                $"{rows.Length} neighbors and {distances.Length} distances do not match {count} rows.",
                nameof(rows)
            );
        }

        Count = count;
        Width = count == 0 ? 0 : rows.Length / count;
        _rows = new int[rows.Length];
        _distances = new float[rows.Length];
        for (int i = 0; i < count; i++)
            Take(i, rows.Slice(i * Width, Width), distances.Slice(i * Width, Width));
    }

    /// <summary>Finds the nearest rows in a matrix of distances, of any measure.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="distances">count × count distances, row-major, at least 0; those of a row to itself are ignored.</param>
    /// <param name="width">The number of neighbors of each row without itself: 14 for the default of UMAP, which counts the row.</param>
    /// <exception cref="ArgumentException">There are not count × count distances.</exception>
    /// <exception cref="InputException">A distance is negative, NaN or infinite.</exception>
    public static NeighborTable FromDistances(int count, ReadOnlySpan<float> distances, int width = 14)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (distances.Length != (long)count * count)
            throw new ArgumentException($"{distances.Length} distances do not match {count} rows.", nameof(distances));
        width = Math.Max(0, Math.Min(width, count - 1));
        int[] rows = new int[checked(count * width)],
            order = new int[count];
        float[] nearest = new float[rows.Length],
            own = new float[count];
        for (int i = 0; i < count; i++)
        {
            distances.Slice(i * count, count).CopyTo(own);
            own[i] = 0;
            for (int j = 0; j < count; j++)
            {
                order[j] = j;
                if (!(own[j] >= 0) || float.IsInfinity(own[j]))
                    throw new InputException($"The distance of rows {i} and {j} is {own[j]}; it must be finite and at least 0.");
            }

            // Equal distances in the order of the rows; the row itself after all others.
            own[i] = float.PositiveInfinity;
            Array.Sort(order, (a, b) => own[a] != own[b] ? own[a].CompareTo(own[b]) : a.CompareTo(b));
            for (int j = 0; j < width; j++)
                (rows[(i * width) + j], nearest[(i * width) + j]) = (order[j], own[order[j]]);
        }

        return new NeighborTable(count, rows, nearest);
    }

    internal NeighborTable(int count, int width)
    {
        Count = count;
        Width = width;
        _rows = new int[checked(count * width)];
        _distances = new float[_rows.Length];
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The maximum number of neighbors per row.</summary>
    public int Width { get; }

    /// <summary>The neighbors of a row, nearest first; -1 marks the end.</summary>
    public ReadOnlySpan<int> Rows(int row) => _rows.AsSpan(row * Width, Width);

    /// <summary>The distances of <see cref="Rows"/>.</summary>
    public ReadOnlySpan<float> Distances(int row) => _distances.AsSpan(row * Width, Width);

    internal Span<int> MutableRows(int row) => _rows.AsSpan(row * Width, Width);

    internal Span<float> MutableDistances(int row) => _distances.AsSpan(row * Width, Width);

    private void Take(int row, ReadOnlySpan<int> rows, ReadOnlySpan<float> distances)
    {
        Span<int> kept = MutableRows(row);
        Span<float> keptDistances = MutableDistances(row);
        int n = 0;
        for (int j = 0; j < rows.Length && rows[j] != -1; j++)
        {
            if ((uint)rows[j] >= (uint)Count)
                throw new InputException($"Neighbor {j} of row {row} is {rows[j]}; row numbers are 0 to {Count - 1}.");
            if (!(distances[j] >= 0) || float.IsInfinity(distances[j]))
                throw new InputException($"The distance to neighbor {j} of row {row} is {distances[j]}; it must be finite and at least 0.");
            if (rows[j] == row || kept[..n].Contains(rows[j]))
                continue;
            kept[n] = rows[j];
            keptDistances[n++] = distances[j];
        }

        MemoryExtensions.Sort(keptDistances[..n], kept[..n]);
        kept[n..].Fill(-1);
        keptDistances[n..].Clear();
    }
}
