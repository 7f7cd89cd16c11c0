using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sextant.Numerics;

/// <summary>
/// Sums over pairs of int8 values, exact in 32 bits for up to 131,071 of them. Values are widened to 16 bits, whose products are added in
/// pairs into 32 bits. Nothing is checked: each pointer must refer to as many values as the length says. No alignment is needed.
/// </summary>
public static unsafe class Int8Kernels
{
    /// <summary>The inner product Σ a[i]·b[i].</summary>
    /// <param name="a"><paramref name="length"/> values.</param>
    /// <param name="b"><paramref name="length"/> values.</param>
    /// <param name="length">The number of values, from 0 to 131,071.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* a, sbyte* b, int length) =>
        Avx512BW.IsSupported ? Dot512(a, b, length)
        : Avx2.IsSupported ? Dot256(a, b, length)
        : DotScalar(a, b, length);

    /// <summary>
    /// Writes each value as the nearest multiple of <paramref name="scale"/>, clamped to −127 to 127; zeros where the scale is 0.
    /// </summary>
    /// <param name="values"><paramref name="length"/> values, none of them NaN.</param>
    /// <param name="scale">The value of one step; 0 or more.</param>
    /// <param name="codes">Receives the <paramref name="length"/> codes.</param>
    /// <param name="length">The number of values; 0 or more.</param>
    /// <returns>The sum of the codes.</returns>
    public static int Quantize(float* values, float scale, sbyte* codes, int length)
    {
        const int Most = sbyte.MaxValue;
        Vector256<int> sum = default;
        int i = 0;
        for (; scale > 0 && i <= length - 32; i += 32)
        {
            Vector256<int> a = Rounded(values + i),
                b = Rounded(values + i + 8),
                c = Rounded(values + i + 16),
                d = Rounded(values + i + 24);
            Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).Store(codes + i);
            sum += a + b + c + d;
        }

        int total = Vector256.Sum(sum);
        for (; i < length; i++)
        {
            codes[i] = scale > 0 ? (sbyte)Math.Clamp(MathF.Round(values[i] / scale), -Most, Most) : (sbyte)0;
            total += codes[i];
        }

        return total;

        Vector256<int> Rounded(float* at) =>
            Vector256.ConvertToInt32(
                Vector256.Clamp(Vector256.Round(Vector256.Load(at) / scale), Vector256.Create((float)-Most), Vector256.Create((float)Most))
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Dot512(sbyte* a, sbyte* b, int length)
    {
        Vector512<int> s0 = default,
            s1 = default;
        int i = 0;
        for (; i <= length - 64; i += 64)
        {
            s0 += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.Load(a + i)),
                Avx512BW.ConvertToVector512Int16(Vector256.Load(b + i))
            );
            s1 += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.Load(a + i + 32)),
                Avx512BW.ConvertToVector512Int16(Vector256.Load(b + i + 32))
            );
        }

        for (; i <= length - 32; i += 32)
        {
            s0 += Avx512BW.MultiplyAddAdjacent(
                Avx512BW.ConvertToVector512Int16(Vector256.Load(a + i)),
                Avx512BW.ConvertToVector512Int16(Vector256.Load(b + i))
            );
        }

        int sum = Vector512.Sum(s0 + s1);
        for (; i < length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    internal static int Dot256(sbyte* a, sbyte* b, int length)
    {
        Vector256<int> s0 = default,
            s1 = default;
        int i = 0;
        for (; i <= length - 32; i += 32)
        {
            s0 += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.Load(a + i)),
                Avx2.ConvertToVector256Int16(Vector128.Load(b + i))
            );
            s1 += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.Load(a + i + 16)),
                Avx2.ConvertToVector256Int16(Vector128.Load(b + i + 16))
            );
        }

        int sum = Vector256.Sum(s0 + s1);
        for (; i < length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    internal static int DotScalar(sbyte* a, sbyte* b, int length)
    {
        int s0 = 0,
            s1 = 0;
        int i = 0;
        for (; i <= length - 2; i += 2)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
        }

        for (; i < length; i++)
            s0 += a[i] * b[i];
        return s0 + s1;
    }
}
