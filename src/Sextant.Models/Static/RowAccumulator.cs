using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sextant.Models.Static;

/// <summary>
/// The inner loop of a static model: sum += weight × row over a handful of rows scattered through a table too large for the
/// cache. Four vectors of the sum stay in registers while all rows pass by, so each byte of a row is read once and
/// nothing is written until the end. Vector512, Vector256 and scalar paths add in the same order for one column, so they
/// differ only where a fused multiply-add rounds once instead of twice.
/// </summary>
internal static class RowAccumulator
{
    /// <summary>Adds int8 rows of <c>sum.Length</c> columns.</summary>
    /// <param name="table">The rows, concatenated.</param>
    /// <param name="rows">The indexes of the rows to add; each must be inside the table.</param>
    /// <param name="weights">A factor for each of <paramref name="rows"/>.</param>
    /// <param name="sum">Receives the sum.</param>
    public static void Add(ReadOnlySpan<sbyte> table, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sum)
    {
        int column = AddBlocks(new Int8Rows(table, sum.Length), rows, weights, sum);
        AddScalar(table, rows, weights, sum, column);
    }

    /// <summary>Adds float32 rows of <c>sum.Length</c> columns.</summary>
    /// <inheritdoc cref="Add(ReadOnlySpan{sbyte}, ReadOnlySpan{int}, ReadOnlySpan{float}, Span{float})" />
    public static void Add(ReadOnlySpan<float> table, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sum)
    {
        int column = AddBlocks(new SingleRows(table, sum.Length), rows, weights, sum);
        AddScalar(table, rows, weights, sum, column);
    }

    /// <summary>The plain loop: the rest of the columns, machines without vectors, and the tests' reference.</summary>
    public static void AddScalar(
        ReadOnlySpan<sbyte> table,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sum,
        int column = 0
    )
    {
        for (; column < sum.Length; column++)
        {
            float value = sum[column];
            for (int i = 0; i < rows.Length; i++)
            {
                value += weights[i] * table[(int)(((long)rows[i] * sum.Length) + column)];
            }

            sum[column] = value;
        }
    }

    /// <inheritdoc cref="AddScalar(ReadOnlySpan{sbyte}, ReadOnlySpan{int}, ReadOnlySpan{float}, Span{float}, int)" />
    public static void AddScalar(
        ReadOnlySpan<float> table,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sum,
        int column = 0
    )
    {
        for (; column < sum.Length; column++)
        {
            float value = sum[column];
            for (int i = 0; i < rows.Length; i++)
            {
                value += weights[i] * table[(int)(((long)rows[i] * sum.Length) + column)];
            }

            sum[column] = value;
        }
    }

    private static int AddBlocks<TRows>(TRows table, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sum)
        where TRows : IRows, allows ref struct
    {
        int column = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            column = AddBlocks512(table, rows, weights, sum);
        }

        return Vector256.IsHardwareAccelerated ? AddBlocks256(table, rows, weights, sum, column) : column;
    }

    internal static int AddBlocks512<TRows>(TRows table, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sum)
        where TRows : IRows, allows ref struct
    {
        const int Width = 16,
            Block = 4 * Width;
        ref float target = ref MemoryMarshal.GetReference(sum);
        int column = 0;
        for (; column <= sum.Length - Block; column += Block)
        {
            Vector512<float> a = Vector512.LoadUnsafe(ref target, (nuint)column);
            Vector512<float> b = Vector512.LoadUnsafe(ref target, (nuint)(column + Width));
            Vector512<float> c = Vector512.LoadUnsafe(ref target, (nuint)(column + (2 * Width)));
            Vector512<float> d = Vector512.LoadUnsafe(ref target, (nuint)(column + (3 * Width)));
            for (int i = 0; i < rows.Length; i++)
            {
                Vector512<float> weight = Vector512.Create(weights[i]);
                a = Vector512.FusedMultiplyAdd(table.Load512(rows[i], column), weight, a);
                b = Vector512.FusedMultiplyAdd(table.Load512(rows[i], column + Width), weight, b);
                c = Vector512.FusedMultiplyAdd(table.Load512(rows[i], column + (2 * Width)), weight, c);
                d = Vector512.FusedMultiplyAdd(table.Load512(rows[i], column + (3 * Width)), weight, d);
            }

            a.StoreUnsafe(ref target, (nuint)column);
            b.StoreUnsafe(ref target, (nuint)(column + Width));
            c.StoreUnsafe(ref target, (nuint)(column + (2 * Width)));
            d.StoreUnsafe(ref target, (nuint)(column + (3 * Width)));
        }

        return column;
    }

    internal static int AddBlocks256<TRows>(
        TRows table,
        ReadOnlySpan<int> rows,
        ReadOnlySpan<float> weights,
        Span<float> sum,
        int column = 0
    )
        where TRows : IRows, allows ref struct
    {
        const int Width = 8,
            Block = 4 * Width;
        ref float target = ref MemoryMarshal.GetReference(sum);
        for (; column <= sum.Length - Block; column += Block)
        {
            Vector256<float> a = Vector256.LoadUnsafe(ref target, (nuint)column);
            Vector256<float> b = Vector256.LoadUnsafe(ref target, (nuint)(column + Width));
            Vector256<float> c = Vector256.LoadUnsafe(ref target, (nuint)(column + (2 * Width)));
            Vector256<float> d = Vector256.LoadUnsafe(ref target, (nuint)(column + (3 * Width)));
            for (int i = 0; i < rows.Length; i++)
            {
                Vector256<float> weight = Vector256.Create(weights[i]);
                a = Vector256.FusedMultiplyAdd(table.Load256(rows[i], column), weight, a);
                b = Vector256.FusedMultiplyAdd(table.Load256(rows[i], column + Width), weight, b);
                c = Vector256.FusedMultiplyAdd(table.Load256(rows[i], column + (2 * Width)), weight, c);
                d = Vector256.FusedMultiplyAdd(table.Load256(rows[i], column + (3 * Width)), weight, d);
            }

            a.StoreUnsafe(ref target, (nuint)column);
            b.StoreUnsafe(ref target, (nuint)(column + Width));
            c.StoreUnsafe(ref target, (nuint)(column + (2 * Width)));
            d.StoreUnsafe(ref target, (nuint)(column + (3 * Width)));
        }

        return column;
    }

    /// <summary>Converts a part of a row to floats. The requested columns are always inside the row.</summary>
    internal interface IRows
    {
        Vector512<float> Load512(int row, int column);

        Vector256<float> Load256(int row, int column);
    }

    internal readonly ref struct Int8Rows(ReadOnlySpan<sbyte> table, int dimensions) : IRows
    {
        private readonly ref sbyte _first = ref MemoryMarshal.GetReference(table);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Load512(int row, int column)
        {
            Vector128<sbyte> bytes = Vector128.LoadUnsafe(ref _first, ((nuint)row * (nuint)dimensions) + (nuint)column);
            if (Avx512F.IsSupported)
            {
                return Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(bytes));
            }

            (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(bytes);
            return Vector512.Create(ToSingle(lower), ToSingle(upper));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Load256(int row, int column)
        {
            ref sbyte start = ref Unsafe.Add(ref _first, ((nuint)row * (nuint)dimensions) + (nuint)column);
            ulong eight = Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<sbyte, byte>(ref start));
            Vector128<sbyte> bytes = Vector128.CreateScalarUnsafe(eight).AsSByte();
            return Avx2.IsSupported
                ? Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(bytes))
                : ToSingle(Vector128.WidenLower(bytes));
        }

        private static Vector256<float> ToSingle(Vector128<short> values)
        {
            (Vector128<int> lower, Vector128<int> upper) = Vector128.Widen(values);
            return Vector256.ConvertToSingle(Vector256.Create(lower, upper));
        }
    }

    internal readonly ref struct SingleRows(ReadOnlySpan<float> table, int dimensions) : IRows
    {
        private readonly ref float _first = ref MemoryMarshal.GetReference(table);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Load512(int row, int column) =>
            Vector512.LoadUnsafe(ref _first, ((nuint)row * (nuint)dimensions) + (nuint)column);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Load256(int row, int column) =>
            Vector256.LoadUnsafe(ref _first, ((nuint)row * (nuint)dimensions) + (nuint)column);
    }
}
