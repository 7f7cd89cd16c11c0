using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sextant.Vectors;

/// <summary>
/// Inner products of which one side or both are the upper halves of float32 values (bfloat16, cut and not rounded): half the bytes to fetch
/// from memory, which is what a comparison costs. Values are taken 32 at a time as 16 pairs, the even one shifted up and the odd one masked.
/// </summary>
internal static unsafe class UpperHalfKernels
{
    /// <summary>Values of a block; lengths are multiples of it.</summary>
    public const int Block = 32;

    private const int Pairs = Block / 2;
    private const uint Odd = 0xFFFF0000;

    /// <summary>Σ query[i]·halves[i], the query laid out by <see cref="Arrange"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(float* query, ushort* halves, int length) =>
        Vector512.IsHardwareAccelerated ? Dot512(query, halves, length)
        : Vector256.IsHardwareAccelerated ? Dot256(query, halves, length)
        : DotScalar(query, halves, length);

    /// <summary>Σ a[i]·b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ushort* a, ushort* b, int length) =>
        Vector512.IsHardwareAccelerated ? Dot512(a, b, length)
        : Vector256.IsHardwareAccelerated ? Dot256(a, b, length)
        : DotScalar(a, b, length);

    /// <summary>Puts the even values of each block before its odd ones, as they come out of the halves.</summary>
    public static void Arrange(ReadOnlySpan<float> vector, float* query, int length)
    {
        new Span<float>(query, length).Clear();
        for (int i = 0; i < vector.Length; i++)
        {
            int within = i % Block;
            query[i - within + (within / 2) + (within % 2 * Pairs)] = vector[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Dot512(float* query, ushort* halves, int length)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= length - (2 * Block); i += 2 * Block)
        {
            Vector512<uint> a = Vector512.Load((uint*)(halves + i)), b = Vector512.Load((uint*)(halves + i + Block));
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(query + i), (a << 16).AsSingle(), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(query + i + Pairs), (a & Vector512.Create(Odd)).AsSingle(), s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(query + i + Block), (b << 16).AsSingle(), s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(query + i + Block + Pairs), (b & Vector512.Create(Odd)).AsSingle(), s3);
        }

        if (i < length)
        {
            Vector512<uint> a = Vector512.Load((uint*)(halves + i));
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(query + i), (a << 16).AsSingle(), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(query + i + Pairs), (a & Vector512.Create(Odd)).AsSingle(), s1);
        }

        return Vector512.Sum(s0 + s1 + (s2 + s3));
    }

    internal static float Dot256(float* query, ushort* halves, int length)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int i = 0; i < length; i += Block)
        {
            Vector256<uint> a = Vector256.Load((uint*)(halves + i)), b = Vector256.Load((uint*)(halves + i + Pairs));
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(query + i), (a << 16).AsSingle(), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Load(query + i + Pairs), (a & Vector256.Create(Odd)).AsSingle(), s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.Load(query + i + (Pairs / 2)), (b << 16).AsSingle(), s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.Load(query + i + Pairs + (Pairs / 2)), (b & Vector256.Create(Odd)).AsSingle(), s3);
        }

        return Vector256.Sum(s0 + s1 + (s2 + s3));
    }

    internal static float DotScalar(float* query, ushort* halves, int length)
    {
        float even = 0, odd = 0;
        for (int i = 0; i < length; i += Block)
        {
            for (int pair = 0; pair < Pairs; pair++)
            {
                even += query[i + pair] * Widen(halves[i + (2 * pair)]);
                odd += query[i + Pairs + pair] * Widen(halves[i + (2 * pair) + 1]);
            }
        }

        return even + odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Dot512(ushort* a, ushort* b, int length)
    {
        Vector512<float> even = default, odd = default;
        for (int i = 0; i < length; i += Block)
        {
            Vector512<uint> x = Vector512.Load((uint*)(a + i)), y = Vector512.Load((uint*)(b + i));
            even = Vector512.FusedMultiplyAdd((x << 16).AsSingle(), (y << 16).AsSingle(), even);
            odd = Vector512.FusedMultiplyAdd((x & Vector512.Create(Odd)).AsSingle(), (y & Vector512.Create(Odd)).AsSingle(), odd);
        }

        return Vector512.Sum(even + odd);
    }

    internal static float Dot256(ushort* a, ushort* b, int length)
    {
        Vector256<float> even = default, odd = default;
        for (int i = 0; i < length; i += Pairs)
        {
            Vector256<uint> x = Vector256.Load((uint*)(a + i)), y = Vector256.Load((uint*)(b + i));
            even = Vector256.FusedMultiplyAdd((x << 16).AsSingle(), (y << 16).AsSingle(), even);
            odd = Vector256.FusedMultiplyAdd((x & Vector256.Create(Odd)).AsSingle(), (y & Vector256.Create(Odd)).AsSingle(), odd);
        }

        return Vector256.Sum(even + odd);
    }

    internal static float DotScalar(ushort* a, ushort* b, int length)
    {
        float sum = 0;
        for (int i = 0; i < length; i++) sum += Widen(a[i]) * Widen(b[i]);
        return sum;
    }

    private static float Widen(ushort half) => BitConverter.UInt32BitsToSingle((uint)half << 16);
}
