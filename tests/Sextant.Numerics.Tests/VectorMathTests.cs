using CsCheck;

namespace Sextant.Numerics.Tests;

public sealed class VectorMathTests
{
    private static readonly float[] Zeros = new float[3];
    private static readonly float[] Some = [3, 0, 4];

    [Fact]
    public void Textbook_values_are_computed()
    {
        Assert.Equal(32, VectorMath.Dot([1f, 2, 3], [4f, 5, 6]));
        Assert.Equal(5, VectorMath.Euclidean([1f, 1], [4f, 5]));
        Assert.Equal(0.6f, VectorMath.Cosine([1f, 0, 0], Some), 6);
        Assert.Equal(0, VectorMath.Dot(ReadOnlySpan<float>.Empty, []));
    }

    [Fact]
    public void Cosine_agrees_with_double_and_ignores_scale() =>
        Gen.Select(Gen.Float[-1f, 1f].Array[1, 200], Gen.Int[-37, 37], Gen.Int[-37, 37])
            .Sample(
                (a, scaleA, scaleB) =>
                {
                    float[] b = [.. a.Select((value, i) => i % 3 == 0 ? -value : value + 0.25f)];
                    double dot = 0,
                        aa = 0,
                        bb = 0;
                    for (int i = 0; i < a.Length; i++)
                        (dot, aa, bb) = (dot + (double)a[i] * b[i], aa + (double)a[i] * a[i], bb + (double)b[i] * b[i]);
                    if (aa < 1e-3 || bb < 1e-3)
                        return;

                    float[] scaledA = [.. a.Select(value => (float)(value * Math.Pow(10, scaleA)))],
                        scaledB = [.. b.Select(value => (float)(value * Math.Pow(10, scaleB)))];

                    Assert.Equal(dot / Math.Sqrt(aa * bb), VectorMath.Cosine(scaledA, scaledB), 1e-4);
                }
            );

    [Fact]
    public void A_vector_of_zeros_has_no_direction()
    {
        float[] zeros = new float[3];
        Assert.Equal(0, VectorMath.Cosine(Zeros, Some));
        Assert.False(VectorMath.Normalize(zeros));
        Assert.Equal(Zeros, zeros);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void NaN_and_infinity_propagate_and_are_never_scaled(float value)
    {
        float[] broken = [1, value, 2];
        Assert.True(float.IsNaN(VectorMath.Cosine(broken, Some)));
        Assert.False(float.IsFinite(VectorMath.Euclidean(broken, Some)));
        Assert.False(VectorMath.IsFinite(broken));
        Assert.False(VectorMath.Normalize(broken));
        Assert.Equal([1, value, 2], broken);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    [InlineData(1e-42f)]
    public void Vectors_of_any_magnitude_are_normalized(float size)
    {
        float[] vector = [3 * size, 0, 4 * size];
        Assert.True(VectorMath.Normalize(vector));
        Assert.Equal(1, Math.Sqrt(VectorMath.Dot(vector, vector)), 1e-5);
        Assert.Equal(0.8, vector[2], size < 1e-40f ? 1e-2 : 1e-6);
    }

    [Fact]
    public void Vectors_of_different_dimensions_are_rejected()
    {
        Assert.Throws<ArgumentException>(() => VectorMath.Dot([1f], [1f, 2f]));
        Assert.Throws<ArgumentException>(() => VectorMath.Dot([(sbyte)1], [(sbyte)1, (sbyte)2]));
        Assert.Throws<ArgumentException>(() => VectorMath.Cosine([1f], []));
        Assert.Throws<ArgumentException>(() => VectorMath.Euclidean([1f], []));
    }

    [Fact]
    public void Normalizing_a_normalized_vector_changes_no_bit()
    {
        Random random = new(4);
        foreach (int dimensions in (int[])[1, 2, 3, 50, 256, 384, 1024, 3072])
        {
            for (int i = 0; i < 50; i++)
            {
                float[] vector = [.. Enumerable.Range(0, dimensions).Select(_ => (float)((random.NextDouble() - 0.3) * 7))];
                Assert.True(VectorMath.Normalize(vector));
                float[] once = [.. vector];
                Assert.True(VectorMath.Normalize(vector));
                Assert.Equal(once, vector);
            }
        }
    }
}
