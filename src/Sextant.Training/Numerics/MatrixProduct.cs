using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sextant.Training.Numerics;

/// <summary>
/// Dense product C = A·B of float32 matrices, blocked for registers and cache (after Goto and van de Geijn 2008,
/// "Anatomy of high-performance matrix multiplication"): 64 columns of B are packed into a contiguous panel, and four rows
/// of A at a time pass over it with all 16 partial results in vector registers.
/// Every element of C is summed by one thread in the order of k, so the result does not depend on the number of threads.
/// </summary>
internal static class MatrixProduct
{
    private const int PanelColumns = 64;
    private const int RowsPerTask = 256;

    /// <summary>Writes A·B into <paramref name="product"/>, row-major, A.Rows × B.Columns.</summary>
    public static void Multiply(MatrixOperand a, MatrixOperand b, float[] product, ParallelOptions parallel)
    {
        if (a.Columns != b.Rows || product.Length < (long)a.Rows * b.Columns)
        {
            throw new ArgumentException($"{a.Rows}×{a.Columns} times {b.Rows}×{b.Columns} does not match {product.Length} values.");
        }

        int panels = (b.Columns + PanelColumns - 1) / PanelColumns,
            blocks = (a.Rows + RowsPerTask - 1) / RowsPerTask;
        Parallel.For(
            0,
            panels * blocks,
            parallel,
            task =>
            {
                int column = task / blocks * PanelColumns,
                    row = task % blocks * RowsPerTask;
                MultiplyBlock(a, b, product, row, Math.Min(row + RowsPerTask, a.Rows), column);
            }
        );
    }

    /// <summary>The plain triple loop, against which the blocked one is tested.</summary>
    public static void MultiplyScalar(MatrixOperand a, MatrixOperand b, float[] product)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < b.Columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < a.Columns; k++)
                {
                    sum += (double)a[i, k] * b[k, j];
                }

                product[(i * b.Columns) + j] = (float)sum;
            }
        }
    }

    private static void MultiplyBlock(MatrixOperand a, MatrixOperand b, float[] product, int firstRow, int endRow, int firstColumn)
    {
        int depth = a.Columns,
            width = Math.Min(PanelColumns, b.Columns - firstColumn);
        float[] panel = ArrayPool<float>.Shared.Rent(depth * PanelColumns);
        Span<float> tile = stackalloc float[4 * PanelColumns];
        Pack(b, firstColumn, width, panel);
        for (int row = firstRow; row < endRow; row += 4)
        {
            // Rows past the end repeat the last one: their results are computed and discarded.
            int last = a.Rows - 1;
            MultiplyTile(
                ref MemoryMarshal.GetArrayDataReference(a.Values),
                a.ColumnStride,
                depth,
                row * a.RowStride,
                Math.Min(row + 1, last) * a.RowStride,
                Math.Min(row + 2, last) * a.RowStride,
                Math.Min(row + 3, last) * a.RowStride,
                ref MemoryMarshal.GetArrayDataReference(panel),
                width,
                ref MemoryMarshal.GetReference(tile)
            );
            for (int i = 0; i < Math.Min(4, endRow - row); i++)
            {
                tile.Slice(i * PanelColumns, width).CopyTo(product.AsSpan(((row + i) * b.Columns) + firstColumn));
            }
        }

        ArrayPool<float>.Shared.Return(panel);
    }

    /// <summary>Packs some columns of B so that the 64 values of one k are contiguous; columns past the end are zeros.</summary>
    private static void Pack(MatrixOperand b, int firstColumn, int width, float[] panel)
    {
        if (b.ColumnStride == 1)
        {
            for (int k = 0; k < b.Rows; k++)
            {
                Span<float> packed = panel.AsSpan(k * PanelColumns, PanelColumns);
                b.Values.AsSpan((k * b.RowStride) + firstColumn, width).CopyTo(packed);
                packed[width..].Clear();
            }

            return;
        }

        if (width < PanelColumns)
        {
            Array.Clear(panel);
        }

        for (int j = 0; j < width; j++)
        {
            int source = (firstColumn + j) * b.ColumnStride;
            for (int k = 0; k < b.Rows; k++)
            {
                panel[(k * PanelColumns) + j] = b.Values[source + (k * b.RowStride)];
            }
        }
    }

    /// <summary>Four rows of A times the panel. Narrow panels (the short dimensions of a Matryoshka loss) skip the padding.</summary>
    private static void MultiplyTile(
        ref float a,
        int step,
        int depth,
        int row0,
        int row1,
        int row2,
        int row3,
        ref float panel,
        int width,
        ref float tile
    )
    {
        for (int column = 0; column < width; column += 32)
        {
            if (width - column > 32)
            {
                MultiplyWide(ref a, step, depth, row0, row1, row2, row3, ref panel, ref tile);
                return;
            }

            MultiplyNarrow(ref a, step, depth, row0, row1, row2, row3, ref Unsafe.Add(ref panel, column), ref Unsafe.Add(ref tile, column));
        }
    }

    private static void MultiplyWide(
        ref float a,
        int step,
        int depth,
        int row0,
        int row1,
        int row2,
        int row3,
        ref float panel,
        ref float tile
    )
    {
        Vector512<float> c00 = default,
            c01 = default,
            c02 = default,
            c03 = default;
        Vector512<float> c10 = default,
            c11 = default,
            c12 = default,
            c13 = default;
        Vector512<float> c20 = default,
            c21 = default,
            c22 = default,
            c23 = default;
        Vector512<float> c30 = default,
            c31 = default,
            c32 = default,
            c33 = default;
        for (nint k = 0, at = 0; k < depth; k++, at += step)
        {
            Vector512<float> b0 = Vector512.LoadUnsafe(ref panel);
            Vector512<float> b1 = Vector512.LoadUnsafe(ref panel, 16);
            Vector512<float> b2 = Vector512.LoadUnsafe(ref panel, 32);
            Vector512<float> b3 = Vector512.LoadUnsafe(ref panel, 48);
            panel = ref Unsafe.Add(ref panel, PanelColumns);
            Vector512<float> x = Vector512.Create(Unsafe.Add(ref a, at + row0));
            c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
            c02 = Vector512.FusedMultiplyAdd(x, b2, c02);
            c03 = Vector512.FusedMultiplyAdd(x, b3, c03);
            x = Vector512.Create(Unsafe.Add(ref a, at + row1));
            c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
            c12 = Vector512.FusedMultiplyAdd(x, b2, c12);
            c13 = Vector512.FusedMultiplyAdd(x, b3, c13);
            x = Vector512.Create(Unsafe.Add(ref a, at + row2));
            c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
            c22 = Vector512.FusedMultiplyAdd(x, b2, c22);
            c23 = Vector512.FusedMultiplyAdd(x, b3, c23);
            x = Vector512.Create(Unsafe.Add(ref a, at + row3));
            c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
            c32 = Vector512.FusedMultiplyAdd(x, b2, c32);
            c33 = Vector512.FusedMultiplyAdd(x, b3, c33);
        }

        Store(ref tile, c00, c01, c02, c03);
        Store(ref Unsafe.Add(ref tile, PanelColumns), c10, c11, c12, c13);
        Store(ref Unsafe.Add(ref tile, 2 * PanelColumns), c20, c21, c22, c23);
        Store(ref Unsafe.Add(ref tile, 3 * PanelColumns), c30, c31, c32, c33);
    }

    private static void MultiplyNarrow(
        ref float a,
        int step,
        int depth,
        int row0,
        int row1,
        int row2,
        int row3,
        ref float panel,
        ref float tile
    )
    {
        Vector512<float> c00 = default,
            c01 = default,
            c10 = default,
            c11 = default;
        Vector512<float> c20 = default,
            c21 = default,
            c30 = default,
            c31 = default;
        for (nint k = 0, at = 0; k < depth; k++, at += step)
        {
            Vector512<float> b0 = Vector512.LoadUnsafe(ref panel);
            Vector512<float> b1 = Vector512.LoadUnsafe(ref panel, 16);
            panel = ref Unsafe.Add(ref panel, PanelColumns);
            Vector512<float> x = Vector512.Create(Unsafe.Add(ref a, at + row0));
            c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
            x = Vector512.Create(Unsafe.Add(ref a, at + row1));
            c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
            x = Vector512.Create(Unsafe.Add(ref a, at + row2));
            c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
            x = Vector512.Create(Unsafe.Add(ref a, at + row3));
            c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
        }

        Store(ref tile, c00, c01);
        Store(ref Unsafe.Add(ref tile, PanelColumns), c10, c11);
        Store(ref Unsafe.Add(ref tile, 2 * PanelColumns), c20, c21);
        Store(ref Unsafe.Add(ref tile, 3 * PanelColumns), c30, c31);
    }

    private static void Store(ref float tile, Vector512<float> a, Vector512<float> b)
    {
        a.StoreUnsafe(ref tile);
        b.StoreUnsafe(ref tile, 16);
    }

    private static void Store(ref float tile, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        Store(ref tile, a, b);
        Store(ref Unsafe.Add(ref tile, 32), c, d);
    }
}
