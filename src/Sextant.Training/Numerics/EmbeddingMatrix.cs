namespace Sextant.Training.Numerics;

/// <summary>
/// A matrix of embeddings, one a row, or a view of some rows or leading columns of another one. Views share the values,
/// which is what lets a Matryoshka loss hand the first 64 dimensions to any other loss without a copy.
/// </summary>
public sealed class EmbeddingMatrix
{
    private readonly float[] _values;
    private readonly int _stride;
    private readonly int _firstRow;

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="rows">How many embeddings; may be 0.</param>
    /// <param name="columns">Their length, at least 1.</param>
    public EmbeddingMatrix(int rows, int columns)
        : this(new float[checked(rows * columns)], rows, columns, columns, 0) { }

    private EmbeddingMatrix(float[] values, int rows, int columns, int stride, int firstRow)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        (_values, _stride, _firstRow, Rows, Columns) = (values, stride, firstRow, rows, columns);
    }

    /// <summary>The number of embeddings.</summary>
    public int Rows { get; }

    /// <summary>The length of each.</summary>
    public int Columns { get; }

    /// <summary>One embedding, writable in place.</summary>
    public Span<float> this[int row] => _values.AsSpan((_firstRow + row) * _stride, Columns);

    /// <summary>The leading <paramref name="columns"/> of every row, sharing this matrix's values.</summary>
    public EmbeddingMatrix Leading(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, Columns);
        return new EmbeddingMatrix(_values, Rows, columns, _stride, _firstRow);
    }

    /// <summary>Some rows, sharing this matrix's values.</summary>
    public EmbeddingMatrix Slice(int firstRow, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Rows - firstRow);
        return new EmbeddingMatrix(_values, rows, Columns, _stride, _firstRow + firstRow);
    }

    /// <summary>Sets every value to zero.</summary>
    public void Clear()
    {
        for (int row = 0; row < Rows; row++)
        {
            this[row].Clear();
        }
    }
}
