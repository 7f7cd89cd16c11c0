using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Sextant.Numerics;

namespace Sextant.Index.Spaces;

/// <summary>
/// Rows of the sign of each value after a random rotation, queries of 4 bits a value (RaBitQ, arXiv:2405.12497). The factor behind the
/// signs makes the estimated inner product right on average, with a known error bound.
/// </summary>
internal readonly unsafe struct BitSpace(RandomRotation rotation, bool euclidean) : IRowSpace
{
    private const int QueryLevels = (1 << BitKernels.Planes) - 1;

    /// <summary>Codes start at a multiple of this, so that a short one fits in one cache line.</summary>
    private const int Unit = 32;

    private readonly int _length = rotation.Length;
    private readonly int _words = rotation.Length / 64;

    /// <summary>The signs; the factor, the squared length.</summary>
    public int RowBytes => (((_words * sizeof(ulong)) + (2 * sizeof(float)) + Unit - 1) / Unit) * Unit;

    public int CodeBytes => _words * sizeof(ulong);

    /// <summary>The planes; the step, the sum of the values, the lowest value times the sum of signs' part, the squared length.</summary>
    public int QueryBytes => (BitKernels.Planes * _words * sizeof(ulong)) + (4 * sizeof(float));

    /// <summary>The length to which a vector is filled up before it is rotated.</summary>
    public static int Padded(int dimensions) => (dimensions + 63) / 64 * 64;

    public void Encode(ReadOnlySpan<float> vector, byte* row)
    {
        float* rotated = stackalloc float[_length];
        float squared = Rotate(vector, rotated),
            magnitudes = 0;
        new Span<byte>(row, RowBytes).Clear();
        for (int i = 0; i < _length; i++)
        {
            if (rotated[i] > 0)
                ((ulong*)row)[i / 64] |= 1UL << (i % 64);
            magnitudes += MathF.Abs(rotated[i]);
        }

        float* tail = (float*)((ulong*)row + _words);
        tail[0] = magnitudes > 0 ? squared / magnitudes : 0;
        tail[1] = squared;
    }

    public void EncodeQuery(ReadOnlySpan<float> vector, byte* query)
    {
        float* rotated = stackalloc float[_length];
        float squared = Rotate(vector, rotated);
        Span<float> all = new(rotated, _length);
        float low = TensorPrimitives.Min(all),
            step = (TensorPrimitives.Max(all) - low) / QueryLevels;
        new Span<byte>(query, QueryBytes).Clear();
        int sum = 0;
        for (int i = 0; i < _length; i++)
        {
            int value = step > 0 ? (int)Math.Clamp(MathF.Round((rotated[i] - low) / step), 0, QueryLevels) : 0;
            sum += value;
            for (int plane = 0; plane < BitKernels.Planes; plane++)
                ((ulong*)query)[(BitKernels.Planes * (i / 64)) + plane] |= (ulong)((value >> plane) & 1) << (i % 64);
        }

        float* tail = (float*)((ulong*)query + (BitKernels.Planes * _words));
        tail[0] = step;
        tail[1] = sum;
        tail[2] = low;
        tail[3] = squared;
    }

    public void Decode(byte* row, Span<float> vector)
    {
        float factor = *(float*)((ulong*)row + _words);
        for (int i = 0; i < _length; i++)
            vector[i] = ((((ulong*)row)[i / 64] >> (i % 64)) & 1) != 0 ? factor : -factor;
    }

    public void DecodeQuery(byte* query, Span<float> vector)
    {
        float* tail = (float*)((ulong*)query + (BitKernels.Planes * _words));
        for (int i = 0; i < _length; i++)
        {
            int value = 0;
            for (int plane = 0; plane < BitKernels.Planes; plane++)
                value |= (int)((((ulong*)query)[(BitKernels.Planes * (i / 64)) + plane] >> (i % 64)) & 1) << plane;
            vector[i] = tail[2] + (tail[0] * value);
        }
    }

    // Σ q·s with s = ±1 is twice the sum where the sign is positive, less the sum of all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* query, byte* row)
    {
        float* x = (float*)((ulong*)query + (BitKernels.Planes * _words)),
            y = (float*)((ulong*)row + _words);
        int positive = BitKernels.Dot((ulong*)query, (ulong*)row, _words),
            set = 0;
        for (int i = 0; i < _words; i++)
            set += System.Numerics.BitOperations.PopCount(((ulong*)row)[i]);
        float dot = y[0] * ((x[0] * ((2 * positive) - x[1])) + (x[2] * ((2 * set) - _length)));
        return euclidean ? x[3] + y[1] - (2 * dot) : -dot;
    }

    // The share of signs that differ is the angle between the two over π.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(byte* a, byte* b)
    {
        float* x = (float*)((ulong*)a + _words),
            y = (float*)((ulong*)b + _words);
        float share = 1 - (2f * BitKernels.HammingDistance((ulong*)a, (ulong*)b, _words) / _length);
        float dot = MathF.Sqrt(x[1] * y[1]) * MathF.Sin(MathF.PI / 2 * share);
        return euclidean ? x[1] + y[1] - (2 * dot) : -dot;
    }

    // The paper's theorem 3.2; ‖signs‖·‖row‖ over Σ|row| is the cosine between a row and its signs.
    public float Doubt(byte* query, byte* row)
    {
        const float Deviations = 1.9f;
        float* x = (float*)((ulong*)query + (BitKernels.Planes * _words)),
            y = (float*)((ulong*)row + _words);
        if (y[0] == 0)
            return 0;
        float cosine = y[1] / y[0] / MathF.Sqrt(y[1] * _length);
        float error = Deviations * MathF.Sqrt(x[3] * y[1] * ((1 / (cosine * cosine)) - 1) / (_length - 1));
        return euclidean ? 2 * error : error;
    }

    private float Rotate(ReadOnlySpan<float> vector, float* rotated)
    {
        rotation.Apply(vector, new(rotated, _length));
        return TensorPrimitives.Dot(vector, vector);
    }
}
