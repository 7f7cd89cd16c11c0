using System.Runtime.CompilerServices;

namespace Sextant.Training.Numerics;

/// <summary>
/// A dense float matrix as a product reads it: element (i, j) is <c>Values[i × RowStride + j × ColumnStride]</c>,
/// so a transpose is two numbers exchanged.
/// </summary>
internal readonly record struct MatrixOperand(float[] Values, int Rows, int Columns, int RowStride, int ColumnStride)
{
    /// <summary>A row-major matrix.</summary>
    public static MatrixOperand RowMajor(float[] values, int rows, int columns) => new(values, rows, columns, columns, 1);

    public MatrixOperand Transposed => new(Values, Columns, Rows, ColumnStride, RowStride);

    public float this[int row, int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Values[(row * RowStride) + (column * ColumnStride)];
    }
}
