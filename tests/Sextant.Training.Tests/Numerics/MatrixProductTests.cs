using CsCheck;
using Sextant.Training.Numerics;

namespace Sextant.Training.Tests.Numerics;

public class MatrixProductTests
{
    private static readonly Gen<(int, int, int, bool, bool, int)> Shapes = Gen.Select(
        Gen.Int[1, 70],
        Gen.Int[1, 40],
        Gen.Int[1, 150],
        Gen.Bool,
        Gen.Bool,
        Gen.Int[0, 1000]
    );

    [Fact]
    public void Blocked_product_matches_the_plain_one_for_any_shape_and_transposition() =>
        Shapes.Sample(
            shape =>
            {
                (int rows, int depth, int columns, bool transposeA, bool transposeB, int seed) = shape;
                var random = new SeededRandom((ulong)seed);
                MatrixOperand a = Random(rows, depth, transposeA, ref random),
                    b = Random(depth, columns, transposeB, ref random);
                float[] expected = new float[rows * columns],
                    actual = new float[rows * columns];
                MatrixProduct.MultiplyScalar(a, b, expected);
                MatrixProduct.Multiply(a, b, actual, new ParallelOptions());
                Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) < 1e-4);
            },
            iter: 200
        );

    [Fact]
    public void Product_with_several_tasks_matches()
    {
        var random = new SeededRandom(3);
        MatrixOperand a = Random(517, 33, transposed: false, ref random),
            b = Random(33, 200, transposed: true, ref random);
        float[] expected = new float[517 * 200],
            actual = new float[517 * 200];
        MatrixProduct.MultiplyScalar(a, b, expected);
        MatrixProduct.Multiply(a, b, actual, new ParallelOptions());
        Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) < 1e-4);
    }

    [Fact]
    public void Mismatched_shapes_are_rejected()
    {
        var random = new SeededRandom(3);
        MatrixOperand a = Random(2, 3, transposed: false, ref random);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(a, a, new float[9], new ParallelOptions()));
    }

    private static MatrixOperand Random(int rows, int columns, bool transposed, ref SeededRandom random)
    {
        float[] values = new float[rows * columns];
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextGaussian();
        }

        return transposed ? MatrixOperand.RowMajor(values, columns, rows).Transposed : MatrixOperand.RowMajor(values, rows, columns);
    }
}
