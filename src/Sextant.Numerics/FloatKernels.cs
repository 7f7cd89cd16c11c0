using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sextant.Numerics;

/// <summary>
/// Sums over pairs of float32 values. Four accumulators hide the latency of fused multiply-add; the remainder after whole vectors is summed
/// one by one. The widest instruction set of the processor is used; all agree within rounding, not to the bit. Arguments are not checked:
/// each pointer must refer to as many values as the length says. No alignment is needed.
/// </summary>
public static unsafe class FloatKernels
{
    /// <summary>The inner product Σ a[i]·b[i].</summary>
    /// <param name="a"><paramref name="length"/> values.</param>
    /// <param name="b"><paramref name="length"/> values.</param>
    /// <param name="length">The number of values; 0 or more.</param>
    public static float Dot(float* a, float* b, int length) =>
        Vector512.IsHardwareAccelerated ? Dot512(a, b, length)
        : Vector256.IsHardwareAccelerated ? Dot256(a, b, length)
        : DotScalar(a, b, length);

    /// <summary>The squared Euclidean distance Σ (a[i] − b[i])².</summary>
    /// <param name="a"><paramref name="length"/> values.</param>
    /// <param name="b"><paramref name="length"/> values.</param>
    /// <param name="length">The number of values; 0 or more.</param>
    public static float SquaredDistance(float* a, float* b, int length) =>
        Vector512.IsHardwareAccelerated ? SquaredDistance512(a, b, length)
        : Vector256.IsHardwareAccelerated ? SquaredDistance256(a, b, length)
        : SquaredDistanceScalar(a, b, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Dot512(float* a, float* b, int length)
    {
        Vector512<float> s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        int i = 0;
        for (; i <= length - 64; i += 64)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(a + i + 16), Vector512.Load(b + i + 16), s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(a + i + 32), Vector512.Load(b + i + 32), s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(a + i + 48), Vector512.Load(b + i + 48), s3);
        }

        for (; i <= length - 16; i += 16)
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), s0);
        float sum = Vector512.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    internal static float Dot256(float* a, float* b, int length)
    {
        Vector256<float> s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        int i = 0;
        for (; i <= length - 32; i += 32)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(a + i), Vector256.Load(b + i), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Load(a + i + 8), Vector256.Load(b + i + 8), s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.Load(a + i + 16), Vector256.Load(b + i + 16), s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.Load(a + i + 24), Vector256.Load(b + i + 24), s3);
        }

        for (; i <= length - 8; i += 8)
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(a + i), Vector256.Load(b + i), s0);
        float sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    internal static float DotScalar(float* a, float* b, int length)
    {
        float s0 = 0,
            s1 = 0,
            s2 = 0,
            s3 = 0;
        int i = 0;
        for (; i <= length - 4; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }

        for (; i < length; i++)
            s0 += a[i] * b[i];
        return s0 + s1 + (s2 + s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float SquaredDistance512(float* a, float* b, int length)
    {
        Vector512<float> s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        int i = 0;
        for (; i <= length - 64; i += 64)
        {
            Vector512<float> d0 = Vector512.Load(a + i) - Vector512.Load(b + i);
            Vector512<float> d1 = Vector512.Load(a + i + 16) - Vector512.Load(b + i + 16);
            Vector512<float> d2 = Vector512.Load(a + i + 32) - Vector512.Load(b + i + 32);
            Vector512<float> d3 = Vector512.Load(a + i + 48) - Vector512.Load(b + i + 48);
            s0 = Vector512.FusedMultiplyAdd(d0, d0, s0);
            s1 = Vector512.FusedMultiplyAdd(d1, d1, s1);
            s2 = Vector512.FusedMultiplyAdd(d2, d2, s2);
            s3 = Vector512.FusedMultiplyAdd(d3, d3, s3);
        }

        for (; i <= length - 16; i += 16)
        {
            Vector512<float> d = Vector512.Load(a + i) - Vector512.Load(b + i);
            s0 = Vector512.FusedMultiplyAdd(d, d, s0);
        }

        float sum = Vector512.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    internal static float SquaredDistance256(float* a, float* b, int length)
    {
        Vector256<float> s0 = default,
            s1 = default;
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            Vector256<float> d0 = Vector256.Load(a + i) - Vector256.Load(b + i);
            Vector256<float> d1 = Vector256.Load(a + i + 8) - Vector256.Load(b + i + 8);
            s0 = Vector256.FusedMultiplyAdd(d0, d0, s0);
            s1 = Vector256.FusedMultiplyAdd(d1, d1, s1);
        }

        float sum = Vector256.Sum(s0 + s1);
        for (; i < length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    internal static float SquaredDistanceScalar(float* a, float* b, int length)
    {
        float s0 = 0,
            s1 = 0;
        int i = 0;
        for (; i <= length - 2; i += 2)
        {
            s0 += (a[i] - b[i]) * (a[i] - b[i]);
            s1 += (a[i + 1] - b[i + 1]) * (a[i + 1] - b[i + 1]);
        }

        for (; i < length; i++)
            s0 += (a[i] - b[i]) * (a[i] - b[i]);
        return s0 + s1;
    }
}
