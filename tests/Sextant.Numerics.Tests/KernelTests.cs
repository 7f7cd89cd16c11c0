using CsCheck;

namespace Sextant.Numerics.Tests;

/// <summary>Every path of every kernel against the same sum in double precision, for any length and any offset from a cache line.</summary>
public sealed unsafe class KernelTests
{
    private static readonly Gen<(float[] A, float[] B, int Skip)> Floats = Gen.Select(Gen.Int[0, 300], Gen.Int[0, 3])
        .SelectMany(
            (length, skip) =>
                Gen.Select(Gen.Float[-10f, 10f].Array[length + skip], Gen.Float[-10f, 10f].Array[length + skip], Gen.Const(skip))
        );

    private static readonly Gen<(sbyte[] A, sbyte[] B, int Skip)> Bytes = Gen.Select(Gen.Int[0, 300], Gen.Int[0, 3])
        .SelectMany((length, skip) => Gen.Select(Gen.SByte.Array[length + skip], Gen.SByte.Array[length + skip], Gen.Const(skip)));

    [Fact]
    public void Inner_products_of_float_agree_with_double_on_every_path() =>
        Floats.Sample(
            (a, b, skip) =>
            {
                double exact = 0,
                    size = 0;
                for (int i = skip; i < a.Length; i++)
                {
                    exact += (double)a[i] * b[i];
                    size += Math.Abs((double)a[i] * b[i]);
                }

                fixed (
                    float* x = a,
                        y = b
                )
                {
                    int length = a.Length - skip;
                    Near(exact, FloatKernels.Dot(x + skip, y + skip, length), size);
                    Near(exact, FloatKernels.Dot512(x + skip, y + skip, length), size);
                    Near(exact, FloatKernels.Dot256(x + skip, y + skip, length), size);
                    Near(exact, FloatKernels.DotScalar(x + skip, y + skip, length), size);
                }
            }
        );

    [Fact]
    public void Squared_distances_of_float_agree_with_double_on_every_path() =>
        Floats.Sample(
            (a, b, skip) =>
            {
                double exact = 0;
                for (int i = skip; i < a.Length; i++)
                    exact += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
                fixed (
                    float* x = a,
                        y = b
                )
                {
                    int length = a.Length - skip;
                    Near(exact, FloatKernels.SquaredDistance(x + skip, y + skip, length), exact);
                    Near(exact, FloatKernels.SquaredDistance512(x + skip, y + skip, length), exact);
                    Near(exact, FloatKernels.SquaredDistance256(x + skip, y + skip, length), exact);
                    Near(exact, FloatKernels.SquaredDistanceScalar(x + skip, y + skip, length), exact);
                }
            }
        );

    [Fact]
    public void Inner_products_of_int8_are_exact_on_every_path() =>
        Bytes.Sample(
            (a, b, skip) =>
            {
                int exact = 0;
                for (int i = skip; i < a.Length; i++)
                    exact += a[i] * b[i];
                fixed (
                    sbyte* x = a,
                        y = b
                )
                {
                    int length = a.Length - skip;
                    Assert.Equal(exact, Int8Kernels.Dot(x + skip, y + skip, length));
                    if (System.Runtime.Intrinsics.X86.Avx512BW.IsSupported)
                        Assert.Equal(exact, Int8Kernels.Dot512(x + skip, y + skip, length));
                    if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
                        Assert.Equal(exact, Int8Kernels.Dot256(x + skip, y + skip, length));
                    Assert.Equal(exact, Int8Kernels.DotScalar(x + skip, y + skip, length));
                }
            }
        );

    [Fact]
    public void Values_are_rounded_to_the_nearest_multiple_of_the_scale() =>
        Gen.Select(
                Gen.Int[0, 100].SelectMany(length => Gen.Float[-200f, 200f].Array[length]),
                Gen.OneOf(Gen.Const(0f), Gen.Float[0.01f, 4f])
            )
            .Sample(
                (values, scale) =>
                {
                    sbyte[] expected = Array.ConvertAll(
                        values,
                        value => scale > 0 ? (sbyte)Math.Clamp(MathF.Round(value / scale, MidpointRounding.ToEven), -127, 127) : (sbyte)0
                    );
                    sbyte[] codes = new sbyte[values.Length];
                    Array.Fill(codes, (sbyte)99);
                    fixed (float* from = values)
                    fixed (sbyte* to = codes)
                        Assert.Equal(expected.Sum(static code => code), Int8Kernels.Quantize(from, scale, to, values.Length));
                    Assert.Equal(expected, codes);
                }
            );

    [Fact]
    public void The_largest_magnitudes_of_int8_do_not_overflow()
    {
        sbyte[] lowest = new sbyte[4096];
        Array.Fill(lowest, sbyte.MinValue);
        Assert.Equal(4096 * 128 * 128, VectorMath.Dot(lowest, lowest));
    }

    [Fact]
    public void Inner_products_of_4_bits_are_exact_on_every_path() =>
        Gen.Int[1, 9]
            .SelectMany(blocks =>
                Gen.Select(
                    Gen.SByte[-127, 127].Array[blocks * Int4Kernels.Block],
                    Gen.Byte.Array[blocks * Int4Kernels.Block / 2],
                    Gen.Byte.Array[blocks * Int4Kernels.Block / 2]
                )
            )
            .Sample(
                (query, a, b) =>
                {
                    int length = query.Length,
                        exact = 0,
                        between = 0;
                    for (int i = 0; i < length; i++)
                    {
                        exact += query[i] * Value(a, i);
                        between += Value(a, i) * Value(b, i);
                    }

                    fixed (sbyte* q = query)
                    fixed (
                        byte* x = a,
                            y = b
                    )
                    {
                        Assert.Equal((exact, between), (Int4Kernels.Dot(q, x, length), Int4Kernels.Dot(x, y, length)));
                        Assert.Equal((exact, between), (Int4Kernels.DotScalar(q, x, length), Int4Kernels.DotScalar(x, y, length)));
                        if (System.Runtime.Intrinsics.X86.Avx512BW.IsSupported)
                            Assert.Equal((exact, between), (Int4Kernels.Dot512(q, x, length), Int4Kernels.Dot512(x, y, length)));
                        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
                            Assert.Equal((exact, between), (Int4Kernels.Dot256(q, x, length), Int4Kernels.Dot256(x, y, length)));
                    }

                    static int Value(byte[] codes, int i)
                    {
                        int half = Int4Kernels.Block / 2,
                            pair = codes[(i / Int4Kernels.Block * half) + (i % half)];
                        return i % Int4Kernels.Block < half ? pair & 15 : pair >> 4;
                    }
                }
            );

    [Fact]
    public void The_largest_values_of_4_bits_do_not_overflow()
    {
        sbyte[] query = new sbyte[16 * Int4Kernels.Block];
        byte[] codes = new byte[query.Length / 2];
        Array.Fill(query, (sbyte)-127);
        Array.Fill(codes, (byte)255);
        fixed (sbyte* q = query)
        fixed (byte* x = codes)
            Assert.Equal(query.Length * -127 * 15, Int4Kernels.Dot(q, x, query.Length));
    }

    [Fact]
    public void Bits_are_counted_one_by_one() =>
        Gen.Select(Gen.ULong.Array[3], Gen.ULong.Array[3], Gen.ULong.Array[3 * BitKernels.Planes])
            .Sample(
                (a, b, planes) =>
                {
                    int differing = 0,
                        sum = 0;
                    for (int i = 0; i < 3 * 64; i++)
                    {
                        bool x = (a[i / 64] >> (i % 64) & 1) == 1,
                            y = (b[i / 64] >> (i % 64) & 1) == 1;
                        if (x != y)
                            differing++;
                        for (int plane = 0; x && plane < BitKernels.Planes; plane++)
                            sum += (int)(planes[(BitKernels.Planes * (i / 64)) + plane] >> (i % 64) & 1) << plane;
                    }

                    fixed (
                        ulong* x = a,
                            y = b,
                            p = planes
                    )
                    {
                        Assert.Equal(differing, BitKernels.HammingDistance(x, y, 3));
                        Assert.Equal(sum, BitKernels.Dot(p, x, 3));
                    }
                }
            );

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(384)]
    [InlineData(1000)]
    public void Rotation_preserves_lengths_and_inner_products_and_spreads_a_single_value(int length)
    {
        RandomRotation rotation = new(length, 5);
        float[] one = new float[length],
            other = new float[length];
        one[length / 3] = 1;
        for (int i = 0; i < length; i++)
            other[i] = MathF.Sin(i + 1);
        float before = VectorMath.Dot(one, other),
            size = VectorMath.Dot(other, other);
        rotation.Apply(one);
        rotation.Apply(other);
        Assert.Equal(1, VectorMath.Dot(one, one), 1e-4f);
        Assert.Equal(size, VectorMath.Dot(other, other), 1e-4f * size);
        Assert.Equal(before, VectorMath.Dot(one, other), 1e-4f * MathF.Sqrt(size));
        if (length > 1)
            Assert.True(one.Max(MathF.Abs) < 8 / MathF.Sqrt(length));
    }

    // A float32 sum of n terms in any order is off by less than n units in the last place of the sum of magnitudes.
    private static void Near(double exact, float computed, double size) =>
        Assert.True(Math.Abs(exact - computed) <= 1e-6 + size * 4e-5, $"{computed} instead of {exact}");
}
