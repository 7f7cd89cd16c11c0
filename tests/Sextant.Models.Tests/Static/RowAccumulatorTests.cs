using CsCheck;
using Sextant.Models.Static;

namespace Sextant.Models.Tests.Static;

public sealed class RowAccumulatorTests
{
    private static readonly Gen<(int Dimensions, int Seed, int Count)> Cases = Gen.Select(Gen.Int[1, 300], Gen.Int, Gen.Int[0, 20]);

    [Fact]
    public void Int8_rows_sum_like_a_scalar_loop() =>
        Cases.Sample(
            (dimensions, seed, count) =>
            {
                var random = new Random(seed);
                sbyte[] table = new sbyte[17 * dimensions];
                random.NextBytes((byte[])(Array)table);
                (int[] rows, float[] weights, float[] start) = Arrange(random, count, dimensions);
                float[] expected = [.. start];
                RowAccumulator.AddScalar(table, rows, weights, expected);
                AssertClose(expected, start, sum => RowAccumulator.Add(table, rows, weights, sum), 128 * (count + 1));
                AssertClose(
                    expected,
                    start,
                    sum =>
                    {
                        int column = RowAccumulator.AddBlocks256(new RowAccumulator.Int8Rows(table, dimensions), rows, weights, sum);
                        RowAccumulator.AddScalar(table, rows, weights, sum, column);
                    },
                    128 * (count + 1)
                );
            }
        );

    [Fact]
    public void Float_rows_sum_like_a_scalar_loop() =>
        Cases.Sample(
            (dimensions, seed, count) =>
            {
                var random = new Random(seed);
                float[] table = [.. Enumerable.Range(0, 17 * dimensions).Select(_ => (random.NextSingle() * 2) - 1)];
                (int[] rows, float[] weights, float[] start) = Arrange(random, count, dimensions);
                float[] expected = [.. start];
                RowAccumulator.AddScalar(table, rows, weights, expected);
                AssertClose(expected, start, sum => RowAccumulator.Add(table, rows, weights, sum), count + 1);
                AssertClose(
                    expected,
                    start,
                    sum =>
                    {
                        int column = RowAccumulator.AddBlocks256(new RowAccumulator.SingleRows(table, dimensions), rows, weights, sum);
                        RowAccumulator.AddScalar(table, rows, weights, sum, column);
                    },
                    count + 1
                );
            }
        );

    private static (int[] Rows, float[] Weights, float[] Start) Arrange(Random random, int count, int dimensions) =>
        (
            [.. Enumerable.Range(0, count).Select(_ => random.Next(17))],
            [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())],
            [.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle())]
        );

    private static void AssertClose(float[] expected, float[] start, Action<float[]> add, float magnitude)
    {
        float[] actual = [.. start];
        add(actual);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i] - expected[i], -1e-6f * magnitude, 1e-6f * magnitude);
        }
    }
}
