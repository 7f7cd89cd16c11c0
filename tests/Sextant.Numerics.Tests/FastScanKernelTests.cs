using CsCheck;

namespace Sextant.Numerics.Tests;

/// <summary>Sums over batches of signs, on every path, against the definition.</summary>
public sealed unsafe class FastScanKernelTests
{
    // Longer ones than a sum in 16 bits has room for are among them.
    private static readonly Gen<(int Length, uint Seed)> Cases = Gen.Select(
        Gen.Frequency((8, Gen.Int[1, 40]), (1, Gen.Int[60, 200])).Select(static units => units * FastScanKernels.Unit),
        Gen.UInt
    );

    [Fact]
    public void Sums_agree_with_inner_products_of_the_halved_query_on_every_path() =>
        Cases.Sample(
            (length, seed) =>
            {
                Random random = new((int)seed);
                sbyte[] query = [.. Enumerable.Range(0, length).Select(_ => Extreme(random))];
                float[][] rows = [.. Enumerable.Range(0, FastScanKernels.Batch).Select(_ => Values(random, query))];
                byte[] table = new byte[FastScanKernels.Bytes(length)],
                    codes = new byte[FastScanKernels.Bytes(length)];
                // What stood there before must not matter.
                random.NextBytes(codes);
                fixed (sbyte* q = query)
                {
                    fixed (
                        byte* t = table,
                            c = codes
                    )
                    {
                        for (int place = 0; place < rows.Length; place++)
                        {
                            fixed (float* row = rows[place])
                                FastScanKernels.Write(row, length, place, c);
                        }

                        byte* at = t,
                            batch = c;
                        int total = FastScanKernels.MakeTable(q, length, t);
                        Assert.Equal(query.Sum(static value => Math.Abs(value / 2)), total);
                        int[] expected = [.. rows.Select(row => (Dot(query, row) + total) / 2)];
                        Assert.Equal(expected, Sums(FastScanKernels.Sum));
                        Assert.Equal(expected, Sums(FastScanKernels.Sum512));
                        Assert.Equal(expected, Sums(FastScanKernels.Sum256));
                        Assert.Equal(expected, Sums(FastScanKernels.Sum128));
                        Assert.Equal(expected, Sums(FastScanKernels.SumScalar));
                        byte[] other = new byte[table.Length];
                        fixed (byte* o = other)
                            FastScanKernels.MakeTables128(q, length, o);
                        Assert.Equal(table, other);

                        int[] Sums(Kernel kernel)
                        {
                            int[] sums = new int[FastScanKernels.Batch];
                            fixed (int* s = sums)
                                kernel(at, batch, length, s);
                            return sums;
                        }
                    }
                }
            }
        );

    private delegate void Kernel(byte* table, byte* codes, int length, int* sums);

    // Mostly the largest magnitudes, which sums overflow with first.
    private static sbyte Extreme(Random random) =>
        random.Next(4) switch
        {
            0 => (sbyte)random.Next(-127, 128),
            1 => -127,
            _ => 127,
        };

    // All agree with the query in one vector out of four.
    private static float[] Values(Random random, sbyte[] query) =>
        random.Next(4) == 0 ? [.. query.Select(static value => (float)value)] : [.. query.Select(_ => random.Next(3) - 1f)];

    private static int Dot(sbyte[] query, float[] row) => query.Zip(row, static (value, sign) => value / 2 * (sign > 0 ? 1 : -1)).Sum();
}
