using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sextant.Numerics;

/// <summary>Counts over words of 64 bits; the processor counts the bits of one at a time.</summary>
internal static unsafe class BitKernels
{
    /// <summary>Planes of a query: its values have this many bits.</summary>
    public const int Planes = 4;

    /// <summary>In how many bits two rows differ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Differing(ulong* a, ulong* b, int words)
    {
        int count = 0;
        for (int i = 0; i < words; i++) count += BitOperations.PopCount(a[i] ^ b[i]);
        return count;
    }

    /// <summary>The sum of those values of a query whose bit is set; the planes of each word lie together, the lowest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SumWhereSet(ulong* planes, ulong* bits, int words)
    {
        int p0 = 0, p1 = 0, p2 = 0, p3 = 0;
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
