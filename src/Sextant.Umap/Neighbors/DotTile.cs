using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sextant.Umap.Neighbors;

/// <summary>
/// Inner products of rows with rows, four by three at a time: twelve running sums stay in registers, and each loaded value is used
/// three or four times. Each product is summed in a fixed order, independent of its neighbors in the tile.
/// </summary>
internal static unsafe class DotTile
{
    /// <summary>Multiplies <paramref name="queries"/> rows (found by their numbers) with consecutive rows.</summary>
    /// <param name="left">The rows that <paramref name="numbers"/> point into.</param>
    /// <param name="numbers">Which rows to take on the left.</param>
    /// <param name="queries">How many.</param>
    /// <param name="right">The first of the consecutive rows on the right.</param>
    /// <param name="count">How many rows on the right.</param>
    /// <param name="stride">Floats a row, on both sides: a multiple of eight.</param>
    /// <param name="products">queries × count, row-major.</param>
    public static void Multiply(float* left, int* numbers, int queries, float* right, int count, int stride, float* products)
    {
        int i = 0;
        for (; i + 4 <= queries; i += 4)
        {
            float* a0 = left + ((nint)numbers[i] * stride),
                a1 = left + ((nint)numbers[i + 1] * stride);
            float* a2 = left + ((nint)numbers[i + 2] * stride),
                a3 = left + ((nint)numbers[i + 3] * stride);
            float* output = products + ((nint)i * count);
            int j = 0;
            for (; j + 3 <= count; j += 3)
                Four(a0, a1, a2, a3, right + ((nint)j * stride), stride, output + j, count);
            for (; j < count; j++)
            {
                float* b = right + ((nint)j * stride);
                output[j] = One(a0, b, stride);
                output[j + count] = One(a1, b, stride);
                output[j + (2 * count)] = One(a2, b, stride);
                output[j + (3 * count)] = One(a3, b, stride);
            }
        }

        for (; i < queries; i++)
        {
            float* a = left + ((nint)numbers[i] * stride),
                output = products + ((nint)i * count);
            for (int j = 0; j < count; j++)
                output[j] = One(a, right + ((nint)j * stride), stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float One(float* a, float* b, int stride)
    {
        Vector256<float> sum = default;
        for (int k = 0; k < stride; k += 8)
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(a + k), Vector256.Load(b + k), sum);
        return Vector256.Sum(sum);
    }

    private static void Four(float* a0, float* a1, float* a2, float* a3, float* b, int stride, float* output, int count)
    {
        Vector256<float> s00 = default,
            s01 = default,
            s02 = default,
            s10 = default,
            s11 = default,
            s12 = default;
        Vector256<float> s20 = default,
            s21 = default,
            s22 = default,
            s30 = default,
            s31 = default,
            s32 = default;
        for (int k = 0; k < stride; k += 8)
        {
            Vector256<float> b0 = Vector256.Load(b + k),
                b1 = Vector256.Load(b + stride + k),
                b2 = Vector256.Load(b + (2 * stride) + k);
            Vector256<float> a = Vector256.Load(a0 + k);
            s00 = Vector256.FusedMultiplyAdd(a, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(a, b1, s01);
            s02 = Vector256.FusedMultiplyAdd(a, b2, s02);
            a = Vector256.Load(a1 + k);
            s10 = Vector256.FusedMultiplyAdd(a, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(a, b1, s11);
            s12 = Vector256.FusedMultiplyAdd(a, b2, s12);
            a = Vector256.Load(a2 + k);
            s20 = Vector256.FusedMultiplyAdd(a, b0, s20);
            s21 = Vector256.FusedMultiplyAdd(a, b1, s21);
            s22 = Vector256.FusedMultiplyAdd(a, b2, s22);
            a = Vector256.Load(a3 + k);
            s30 = Vector256.FusedMultiplyAdd(a, b0, s30);
            s31 = Vector256.FusedMultiplyAdd(a, b1, s31);
            s32 = Vector256.FusedMultiplyAdd(a, b2, s32);
        }

        Store(output, s00, s01, s02);
        Store(output + count, s10, s11, s12);
        Store(output + (2 * count), s20, s21, s22);
        Store(output + (3 * count), s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* output, Vector256<float> first, Vector256<float> second, Vector256<float> third)
    {
        output[0] = Vector256.Sum(first);
        output[1] = Vector256.Sum(second);
        output[2] = Vector256.Sum(third);
    }
}
