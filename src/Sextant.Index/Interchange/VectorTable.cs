namespace Sextant.Index.Interchange;

/// <summary>Vectors of one length, a row each.</summary>
public sealed class VectorTable
{
    /// <summary>The most values that one row may have; a longer one is taken for damage.</summary>
    public const int MaxDimensions = 65_536;

    /// <summary>A table over <paramref name="rows"/>, which is not copied.</summary>
    /// <param name="dimensions">The length of a row, at least 1.</param>
    /// <param name="rows">All rows, one after another.</param>
    /// <param name="ids">An id for each row; when <see langword="null"/>, rows go by their position from 0.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public VectorTable(int dimensions, ReadOnlyMemory<float> rows, ReadOnlyMemory<long>? ids = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        if (rows.Length % dimensions != 0)
            throw new ArgumentException("The values do not form whole rows.", nameof(rows));
        if (ids is { } given && given.Length != rows.Length / dimensions)
            throw new ArgumentException("Each row has one id.", nameof(ids));
        (Dimensions, Rows, Ids) = (dimensions, rows, ids);
    }

    /// <summary>The length of a row.</summary>
    public int Dimensions { get; }

    /// <summary>The number of rows.</summary>
    public int Count => Rows.Length / Dimensions;

    /// <summary>All rows, one after another.</summary>
    public ReadOnlyMemory<float> Rows { get; }

    /// <summary>An id for each row, or <see langword="null"/> when the file has none.</summary>
    public ReadOnlyMemory<long>? Ids { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int index) => Rows.Span.Slice(index * Dimensions, Dimensions);
}
