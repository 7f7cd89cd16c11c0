using CsCheck;
using Sextant.Vectors;

namespace Sextant.Tests.Vectors;

/// <summary>Every path of every kernel against the same sum in double precision, for any length and any offset from a cache line.</summary>
public sealed unsafe class KernelTests
{
    private static readonly Gen<(float[] A, float[] B, int Skip)> Floats = Gen.Select(Gen.Int[0, 300], Gen.Int[0, 3]).SelectMany((length, skip) =>
        Gen.Select(Gen.Float[-10f, 10f].Array[length + skip], Gen.Float[-10f, 10f].Array[length + skip], Gen.Const(skip)));

    private static readonly Gen<(sbyte[] A, sbyte[] B, int Skip)> Bytes = Gen.Select(Gen.Int[0, 300], Gen.Int[0, 3]).SelectMany((length, skip) =>
        Gen.Select(Gen.SByte.Array[length + skip], Gen.SByte.Array[length + skip], Gen.Const(skip)));

    [Fact]
    public void Inner_products_of_float_agree_with_double_on_every_path() => Floats.Sample((a, b, skip) =>
    {
        double exact = 0, size = 0;
        for (int i = skip; i < a.Length; i++)
        {
            exact += (double)a[i] * b[i];
            size += Math.Abs((double)a[i] * b[i]);
        }

        fixed (float* x = a, y = b)
        {
            int length = a.Length - skip;
            Near(exact, FloatKernels.Dot(x + skip, y + skip, length), size);
            Near(exact, FloatKernels.Dot512(x + skip, y + skip, length), size);
            Near(exact, FloatKernels.Dot256(x + skip, y + skip, length), size);
            Near(exact, FloatKernels.DotScalar(x + skip, y + skip, length), size);
        }
    });

    [Fact]
    public void Squared_distances_of_float_agree_with_double_on_every_path() => Floats.Sample((a, b, skip) =>
    {
        double exact = 0;
        for (int i = skip; i < a.Length; i++) exact += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        fixed (float* x = a, y = b)
        {
            int length = a.Length - skip;
            Near(exact, FloatKernels.SquaredDistance(x + skip, y + skip, length), exact);
            Near(exact, FloatKernels.SquaredDistance512(x + skip, y + skip, length), exact);
            Near(exact, FloatKernels.SquaredDistance256(x + skip, y + skip, length), exact);
            Near(exact, FloatKernels.SquaredDistanceScalar(x + skip, y + skip, length), exact);
        }
    });

    [Fact]
    public void Inner_products_of_int8_are_exact_on_every_path() => Bytes.Sample((a, b, skip) =>
    {
        int exact = 0;
        for (int i = skip; i < a.Length; i++) exact += a[i] * b[i];
        fixed (sbyte* x = a, y = b)
        {
            int length = a.Length - skip;
            Assert.Equal(exact, SByteKernels.Dot(x + skip, y + skip, length));
            if (System.Runtime.Intrinsics.X86.Avx512BW.IsSupported) Assert.Equal(exact, SByteKernels.Dot512(x + skip, y + skip, length));
            if (System.Runtime.Intrinsics.X86.Avx2.IsSupported) Assert.Equal(exact, SByteKernels.Dot256(x + skip, y + skip, length));
            Assert.Equal(exact, SByteKernels.DotScalar(x + skip, y + skip, length));
        }
    });

    [Fact]
    public void The_largest_magnitudes_of_int8_do_not_overflow()
    {
        sbyte[] lowest = new sbyte[4096];
        Array.Fill(lowest, sbyte.MinValue);
        Assert.Equal(4096 * 128 * 128, VectorMath.Dot(lowest, lowest));
    }

    // A float32 sum of n terms in any order is off by less than n units in the last place of the sum of magnitudes.
    private static void Near(double exact, float computed, double size) =>
        Assert.True(Math.Abs(exact - computed) <= 1e-6 + size * 4e-5, $"{computed} instead of {exact}");
}
