using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sextant.Numerics;

/// <summary>
/// Inner products of which one side or both have values of 4 bits, from 0 to 15. A block of 128 of those is 64 bytes: the first 64 values
/// in the
/// lower halves, the others in the upper ones. Nothing is checked: each pointer must refer to as many values as the length says. No
/// alignment is needed.
/// </summary>
public static unsafe class Int4Kernels
{
    /// <summary>The number of values in a block.</summary>
    public const int Block = 128;

    private const int Half = Block / 2;

    // 16-bit sums hold 8 products' pairs: 8 · 2 · 15 · 127 < 32,768.
    private const int BlocksPerSum = 4;

    /// <summary>The inner product Σ query[i]·codes[i] of int8 and 4-bit values.</summary>
    /// <param name="query"><paramref name="length"/> values from −127 to 127.</param>
    /// <param name="codes"><paramref name="length"/>/2 bytes, in blocks.</param>
    /// <param name="length">The number of values, a multiple of <see cref="Block"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* query, byte* codes, int length) =>
        Avx512BW.IsSupported ? Dot512(query, codes, length)
        : Avx2.IsSupported ? Dot256(query, codes, length)
        : DotScalar(query, codes, length);

    /// <summary>The inner product Σ a[i]·b[i] of 4-bit values.</summary>
    /// <param name="a"><paramref name="length"/>/2 bytes, in blocks.</param>
    /// <param name="b"><paramref name="length"/>/2 bytes, in blocks.</param>
    /// <param name="length">The number of values, a multiple of <see cref="Block"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(byte* a, byte* b, int length) =>
        Avx512BW.IsSupported ? Dot512(a, b, length)
        : Avx2.IsSupported ? Dot256(a, b, length)
        : DotScalar(a, b, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Dot512(sbyte* query, byte* codes, int length)
    {
        Vector512<byte> low = Vector512.Create((byte)15);
        Vector512<int> sum = default;
        for (int block = 0; block < length / Block; )
        {
            Vector512<short> part = default;
            for (int end = Math.Min(length / Block, block + BlocksPerSum); block < end; block++)
            {
                Vector512<byte> pair = Vector512.Load(codes + (block * Half));
                part +=
                    Avx512BW.MultiplyAddAdjacent(pair & low, Vector512.Load(query + (block * Block)))
                    + Avx512BW.MultiplyAddAdjacent((pair.AsUInt16() >> 4).AsByte() & low, Vector512.Load(query + (block * Block) + Half));
            }

            sum += Avx512BW.MultiplyAddAdjacent(part, Vector512<short>.One);
        }

        return Vector512.Sum(sum);
    }

    internal static int Dot256(sbyte* query, byte* codes, int length)
    {
        Vector256<byte> low = Vector256.Create((byte)15);
        Vector256<int> sum = default;
        for (int at = 0; at < length / 2; at += 32)
        {
            sbyte* first = query + (at / Half * Block) + (at % Half);
            Vector256<byte> pair = Vector256.Load(codes + at);
            Vector256<short> part =
                Avx2.MultiplyAddAdjacent(pair & low, Vector256.Load(first))
                + Avx2.MultiplyAddAdjacent((pair.AsUInt16() >> 4).AsByte() & low, Vector256.Load(first + Half));
            sum += Avx2.MultiplyAddAdjacent(part, Vector256<short>.One);
        }

        return Vector256.Sum(sum);
    }

    internal static int DotScalar(sbyte* query, byte* codes, int length)
    {
        int sum = 0;
        for (int at = 0; at < length / 2; at++)
        {
            sbyte* first = query + (at / Half * Block) + (at % Half);
            sum += (first[0] * (codes[at] & 15)) + (first[Half] * (codes[at] >> 4));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Dot512(byte* a, byte* b, int length)
    {
        Vector512<byte> low = Vector512.Create((byte)15);
        Vector512<int> sum = default;
        for (int at = 0; at < length / 2; at += Half)
        {
            Vector512<byte> x = Vector512.Load(a + at),
                y = Vector512.Load(b + at);
            Vector512<short> part =
                Avx512BW.MultiplyAddAdjacent(x & low, (y & low).AsSByte())
                + Avx512BW.MultiplyAddAdjacent((x.AsUInt16() >> 4).AsByte() & low, ((y.AsUInt16() >> 4).AsByte() & low).AsSByte());
            sum += Avx512BW.MultiplyAddAdjacent(part, Vector512<short>.One);
        }

        return Vector512.Sum(sum);
    }

    internal static int Dot256(byte* a, byte* b, int length)
    {
        Vector256<byte> low = Vector256.Create((byte)15);
        Vector256<int> sum = default;
        for (int at = 0; at < length / 2; at += 32)
        {
            Vector256<byte> x = Vector256.Load(a + at),
                y = Vector256.Load(b + at);
            Vector256<short> part =
                Avx2.MultiplyAddAdjacent(x & low, (y & low).AsSByte())
                + Avx2.MultiplyAddAdjacent((x.AsUInt16() >> 4).AsByte() & low, ((y.AsUInt16() >> 4).AsByte() & low).AsSByte());
            sum += Avx2.MultiplyAddAdjacent(part, Vector256<short>.One);
        }

        return Vector256.Sum(sum);
    }

    internal static int DotScalar(byte* a, byte* b, int length)
    {
        int sum = 0;
        for (int at = 0; at < length / 2; at++)
            sum += ((a[at] & 15) * (b[at] & 15)) + ((a[at] >> 4) * (b[at] >> 4));
        return sum;
    }
}
