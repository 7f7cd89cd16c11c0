using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sextant.Numerics;

/// <summary>
/// Kernels for vectors of one bit per dimension, packed into words of 64 bits. Nothing is checked: each pointer must refer to as many words
/// as a
/// method says. No alignment is needed.
/// </summary>
public static unsafe class BitKernels
{
    /// <summary>Bit planes of a query for <see cref="Dot"/>: its values have this many bits, from 0 to 15.</summary>
    public const int Planes = 4;

    /// <summary>The number of bits in which two vectors differ.</summary>
    /// <param name="a"><paramref name="words"/> words.</param>
    /// <param name="b"><paramref name="words"/> words.</param>
    /// <param name="words">The number of words; 0 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int HammingDistance(ulong* a, ulong* b, int words)
    {
        int count = 0;
        for (int i = 0; i < words; i++)
            count += BitOperations.PopCount(a[i] ^ b[i]);
        return count;
    }

    /// <summary>The inner product Σ query[i]·bits[i] of a query of 4-bit values and a vector of bits.</summary>
    /// <param name="planes">
    /// The query, <see cref="Planes"/>·<paramref name="words"/> words: for each word of <paramref name="bits"/> its bit planes side by
    /// side, the lowest first.
    /// </param>
    /// <param name="bits">The vector, <paramref name="words"/> words.</param>
    /// <param name="words">The number of words; 0 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ulong* planes, ulong* bits, int words)
    {
        int p0 = 0,
            p1 = 0,
            p2 = 0,
            p3 = 0;
        for (int i = 0; i < words; i++)
        {
            ulong word = bits[i];
            p0 += BitOperations.PopCount(planes[Planes * i] & word);
            p1 += BitOperations.PopCount(planes[(Planes * i) + 1] & word);
            p2 += BitOperations.PopCount(planes[(Planes * i) + 2] & word);
            p3 += BitOperations.PopCount(planes[(Planes * i) + 3] & word);
        }

        return p0 + (2 * p1) + (4 * p2) + (8 * p3);
    }
}
