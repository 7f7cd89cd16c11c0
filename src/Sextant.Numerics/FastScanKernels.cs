using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sextant.Numerics;

/// <summary>
/// Inner products of one query with <see cref="Batch"/> vectors of signs at a time: the signs of four dimensions are an index into a table
/// of 16 sums, and one shuffle looks up 16 to 64 of them (André, Kermarrec and Le Scouarnec, VLDB 2015). Nothing is checked: each pointer
/// must refer to as many bytes as a method says. No alignment is needed.
/// </summary>
public static unsafe class FastScanKernels
{
    /// <summary>The vectors of a batch.</summary>
    public const int Batch = 32;

    /// <summary>Lengths are a multiple of this.</summary>
    public const int Unit = 16;

    private const int Group = 4;
    private const int Entries = 16;
    private const int HalfBatch = Batch / 2;

    /// <summary>A sum of a byte for each group stays below 2¹⁶ for this many groups.</summary>
    private const int GroupsAtOnce = 256;

    /// <summary>The bytes of a table, and of the codes of a batch, for vectors of <paramref name="length"/> values.</summary>
    /// <param name="length">A multiple of <see cref="Unit"/>.</param>
    public static int Bytes(int length) => length / Group * Entries;

    /// <summary>
    /// Makes the table of a query. Half of each value counts, rounded toward zero, so that four of them fit into a byte.
    /// </summary>
    /// <param name="query"><paramref name="length"/> values, none of them −128.</param>
    /// <param name="length">A multiple of <see cref="Unit"/>.</param>
    /// <param name="table">Receives <see cref="Bytes"/> bytes.</param>
    /// <returns>Σ |query[i] / 2|, which the sums of <see cref="Sum"/> are turned into inner products with.</returns>
    public static int MakeTable(sbyte* query, int length, byte* table) =>
        Avx512BW.IsSupported ? MakeTables512(query, length, table) : MakeTables128(query, length, table);

    internal static int MakeTables512(sbyte* query, int length, byte* table)
    {
        int total = 0;
        for (int i = 0; i < length; i += Unit, table += Unit / Group * Entries)
        {
            total += Halve(query + i, out Vector128<byte> halves, out Vector128<byte> negative);
            Tables512(halves, negative).Store(table);
        }

        return total;
    }

    internal static int MakeTables128(sbyte* query, int length, byte* table)
    {
        int total = 0;
        for (int i = 0; i < length; i += Unit, table += Unit / Group * Entries)
        {
            total += Halve(query + i, out Vector128<byte> halves, out Vector128<byte> negative);
            Tables128(halves, negative, table);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Halve(sbyte* values, out Vector128<byte> halves, out Vector128<byte> negative)
    {
        Vector128<sbyte> all = Vector128.Load(values);
        negative = Vector128.LessThan(all, default).AsByte();
        halves = Vector128.Abs(all).AsByte() >> 1;
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(halves);
        return Vector128.Sum(low + high);
    }

    // An entry has the value of a dimension where its sign and that of the query agree.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Tables512(Vector128<byte> halves, Vector128<byte> negative)
    {
        Vector512<byte> place = Vector512.Create(
                Vector256.Create(Vector128<byte>.Zero, Vector128.Create((byte)4)),
                Vector256.Create(Vector128.Create((byte)8), Vector128.Create((byte)12))
            ),
            all = Vector512.Create(halves),
            signs = Vector512.Create(negative);
        return Part(0, 0xFF00_FF00_FF00_FF00, 0xFF00_FF00_FF00_FF00)
            + Part(1, 0xFFFF_0000_FFFF_0000, 0xFFFF_0000_FFFF_0000)
            + Part(2, 0xFFFF_FFFF_0000_0000, 0xFFFF_FFFF_0000_0000)
            + Part(3, 0, ulong.MaxValue);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector512<byte> Part(byte dimension, ulong first, ulong second)
        {
            Vector512<byte> at = place + Vector512.Create(dimension),
                positive = Vector512.Create(Vector128.Create(first, second)).AsByte();
            return Avx512BW.Shuffle(all, at) & (positive ^ Avx512BW.Shuffle(signs, at));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tables128(Vector128<byte> halves, Vector128<byte> negative, byte* table)
    {
        for (byte group = 0; group < Unit / Group; group++)
        {
            (
                Part(0, 0xFF00_FF00_FF00_FF00, 0xFF00_FF00_FF00_FF00)
                + Part(1, 0xFFFF_0000_FFFF_0000, 0xFFFF_0000_FFFF_0000)
                + Part(2, 0xFFFF_FFFF_0000_0000, 0xFFFF_FFFF_0000_0000)
                + Part(3, 0, ulong.MaxValue)
            ).Store(table + (group * Entries));

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            Vector128<byte> Part(int dimension, ulong first, ulong second)
            {
                var at = Vector128.Create((byte)((group * Group) + dimension));
                return Vector128.Shuffle(halves, at) & (Vector128.Create(first, second).AsByte() ^ Vector128.Shuffle(negative, at));
            }
        }
    }

    /// <summary>Writes the signs of one vector of a batch.</summary>
    /// <param name="signs"><paramref name="length"/> values; above 0 is +1, all others −1.</param>
    /// <param name="length">A multiple of <see cref="Unit"/>.</param>
    /// <param name="place">The place in the batch, from 0 to 31.</param>
    /// <param name="codes">The <see cref="Bytes"/> bytes of the batch; the other places are unchanged.</param>
    public static void Write(float* signs, int length, int place, byte* codes)
    {
        int shift = place < HalfBatch ? 0 : 4;
        byte kept = (byte)(0xF0 >> shift);
        byte* at = codes + (place % HalfBatch);
        for (int i = 0; i < length; i += Group, at += Entries)
        {
            int bits = ((int)Vector128.ExtractMostSignificantBits(Vector128.GreaterThan(Vector128.Load(signs + i), default))) << shift;
            *at = (byte)((*at & kept) | bits);
        }
    }

    /// <summary>
    /// For each vector of a batch, the sum of the halved query's magnitudes where the signs agree: S. The inner product of the halved query
    /// with the signs is 2·S less the total of <see cref="MakeTable"/>.
    /// </summary>
    /// <param name="table">The table of the query.</param>
    /// <param name="codes">The batch.</param>
    /// <param name="length">A multiple of <see cref="Unit"/>.</param>
    /// <param name="sums">Receives <see cref="Batch"/> sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum(byte* table, byte* codes, int length, int* sums)
    {
        if (Avx512BW.IsSupported)
            Sum512(table, codes, length, sums);
        else if (Avx2.IsSupported)
            Sum256(table, codes, length, sums);
        else if (Ssse3.IsSupported || AdvSimd.Arm64.IsSupported)
            Sum128(table, codes, length, sums);
        else
            SumScalar(table, codes, length, sums);
    }

    internal static void Sum512(byte* table, byte* codes, int length, int* sums)
    {
        new Span<int>(sums, Batch).Clear();
        Vector512<byte> nibble = Vector512.Create((byte)15);
        for (int left = length / Group; left > 0; left -= GroupsAtOnce)
        {
            // Sums of two bytes at once: the even ones with the odd ones 8 bits above them, and the odd ones alone.
            Vector512<ushort> low = default,
                lowOdd = default,
                high = default,
                highOdd = default;
            for (int i = Math.Min(left, GroupsAtOnce); i > 0; i -= 4, table += 64, codes += 64)
            {
                Vector512<byte> entries = Vector512.Load(table),
                    packed = Vector512.Load(codes);
                Vector512<ushort> a = Avx512BW.Shuffle(entries, packed & nibble).AsUInt16(),
                    b = Avx512BW.Shuffle(entries, (packed.AsUInt16() >> 4).AsByte() & nibble).AsUInt16();
                low += a;
                lowOdd += a >> 8;
                high += b;
                highOdd += b >> 8;
            }

            Flush(Lanes(low), Lanes(lowOdd), sums);
            Flush(Lanes(high), Lanes(highOdd), sums + HalfBatch);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<ushort> Lanes(Vector512<ushort> sum)
        {
            Vector256<ushort> half = sum.GetLower() + sum.GetUpper();
            return half.GetLower() + half.GetUpper();
        }
    }

    internal static void Sum256(byte* table, byte* codes, int length, int* sums)
    {
        new Span<int>(sums, Batch).Clear();
        Vector256<byte> nibble = Vector256.Create((byte)15);
        for (int left = length / Group; left > 0; left -= GroupsAtOnce)
        {
            Vector256<ushort> low = default,
                lowOdd = default,
                high = default,
                highOdd = default;
            for (int i = Math.Min(left, GroupsAtOnce); i > 0; i -= 2, table += 32, codes += 32)
            {
                Vector256<byte> entries = Vector256.Load(table),
                    packed = Vector256.Load(codes);
                Vector256<ushort> a = Avx2.Shuffle(entries, packed & nibble).AsUInt16(),
                    b = Avx2.Shuffle(entries, (packed.AsUInt16() >> 4).AsByte() & nibble).AsUInt16();
                low += a;
                lowOdd += a >> 8;
                high += b;
                highOdd += b >> 8;
            }

            Flush(low.GetLower() + low.GetUpper(), lowOdd.GetLower() + lowOdd.GetUpper(), sums);
            Flush(high.GetLower() + high.GetUpper(), highOdd.GetLower() + highOdd.GetUpper(), sums + HalfBatch);
        }
    }

    internal static void Sum128(byte* table, byte* codes, int length, int* sums)
    {
        new Span<int>(sums, Batch).Clear();
        Vector128<byte> nibble = Vector128.Create((byte)15);
        for (int left = length / Group; left > 0; left -= GroupsAtOnce)
        {
            Vector128<ushort> low = default,
                lowOdd = default,
                high = default,
                highOdd = default;
            for (int i = Math.Min(left, GroupsAtOnce); i > 0; i--, table += 16, codes += 16)
            {
                Vector128<byte> entries = Vector128.Load(table),
                    packed = Vector128.Load(codes);
                Vector128<ushort> a = Vector128.Shuffle(entries, packed & nibble).AsUInt16(),
                    b = Vector128.Shuffle(entries, packed >> 4).AsUInt16();
                low += a;
                lowOdd += a >> 8;
                high += b;
                highOdd += b >> 8;
            }

            Flush(low, lowOdd, sums);
            Flush(high, highOdd, sums + HalfBatch);
        }
    }

    internal static void SumScalar(byte* table, byte* codes, int length, int* sums)
    {
        for (int place = 0; place < Batch; place++)
        {
            int shift = place < HalfBatch ? 0 : 4;
            sums[place] = 0;
            for (int group = 0; group < length / Group; group++)
                sums[place] += table[(group * Entries) + ((codes[(group * Entries) + (place % HalfBatch)] >> shift) & 15)];
        }
    }

    // The odd ones are taken off the even ones, modulo 2¹⁶, and both go where their vectors are in the batch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flush(Vector128<ushort> both, Vector128<ushort> odd, int* sums)
    {
        Vector128<ushort> even = both - (odd << 8);
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(even);
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(odd);
        Add((a | (c << 16)).AsUInt16(), sums);
        Add((b | (d << 16)).AsUInt16(), sums + Vector128<ushort>.Count);

        static void Add(Vector128<ushort> values, int* sums)
        {
            (Vector128<uint> x, Vector128<uint> y) = Vector128.Widen(values);
            (Vector128.Load(sums) + x.AsInt32()).Store(sums);
            (Vector128.Load(sums + 4) + y.AsInt32()).Store(sums + 4);
        }
    }
}
