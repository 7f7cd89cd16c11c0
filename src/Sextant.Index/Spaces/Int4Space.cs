using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Sextant.Numerics;

namespace Sextant.Index.Spaces;

/// <summary>
/// Rows of 4 bits a value after a random rotation, queries of 8. After the rotation values are spread like a normal distribution, so the
/// steps are the best ones for that; the factor behind the codes makes the estimated inner product right on average (arXiv:2405.12497,
/// carried to more than one bit).
/// </summary>
internal readonly unsafe struct Int4Space(RandomRotation rotation, bool euclidean) : IRowSpace
{
    /// <summary>The step of the optimal uniform 16-level quantizer of a normal distribution, in standard deviations.</summary>
    private const float Step = 0.3352f;

    /// <summary>The quantization error of that quantizer, in standard deviations.</summary>
    private const float Lost = 0.1075f;

    private const float Middle = 7.5f;
    private const int QueryLevels = 127;

    private readonly int _length = rotation.Length;

    /// <summary>The codes; the factor, the sum of the codes, the squared length.</summary>
    public int RowBytes => (_length / 2) + (3 * sizeof(float));

    public int CodeBytes => _length / 2;

    /// <summary>The values as int8; their scale, the offset for the midpoint, the squared length.</summary>
    public int QueryBytes => _length + (3 * sizeof(float));

    /// <summary>The length to which a vector is filled up before it is rotated.</summary>
    public static int Padded(int dimensions) => (dimensions + Int4Kernels.Block - 1) / Int4Kernels.Block * Int4Kernels.Block;

    public void Encode(ReadOnlySpan<float> vector, byte* row)
    {
        float* rotated = stackalloc float[_length];
        float squared = Rotate(vector, rotated),
            step = Step * MathF.Sqrt(squared / _length),
            dot = 0;
        new Span<byte>(row, RowBytes).Clear();
        int sum = 0;
        for (int i = 0; i < _length; i++)
        {
            int code = step > 0 ? (int)Math.Clamp(MathF.Round((rotated[i] / step) + Middle), 0, 15) : 0;
            (int at, int shift) = Place(i);
            row[at] |= (byte)(code << shift);
            dot += rotated[i] * (code - Middle);
            sum += code;
        }

        float* tail = (float*)(row + (_length / 2));
        tail[0] = dot > 0 ? squared / dot : 0;
        tail[1] = sum;
        tail[2] = squared;
    }

    public void EncodeQuery(ReadOnlySpan<float> vector, byte* query)
    {
        float* rotated = stackalloc float[_length];
        float squared = Rotate(vector, rotated);
        float scale = Math.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(rotated, _length))) / QueryLevels;
        int sum = Int8Kernels.Quantize(rotated, scale, (sbyte*)query, _length);
        float* tail = (float*)(query + _length);
        tail[0] = scale;
        tail[1] = -Middle * sum;
        tail[2] = squared;
    }

    public void Decode(byte* row, Span<float> vector)
    {
        float factor = *(float*)(row + (_length / 2));
        for (int i = 0; i < _length; i++)
        {
            (int at, int shift) = Place(i);
            vector[i] = factor * (((row[at] >> shift) & 15) - Middle);
        }
    }

    public void DecodeQuery(byte* query, Span<float> vector)
    {
        float scale = *(float*)(query + _length);
        for (int i = 0; i < _length; i++)
            vector[i] = scale * ((sbyte*)query)[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* query, byte* row)
    {
        float* x = (float*)(query + _length),
            y = (float*)(row + (_length / 2));
        float dot = x[0] * y[0] * (Int4Kernels.Dot((sbyte*)query, row, _length) + x[1]);
        return euclidean ? x[2] + y[2] - (2 * dot) : -dot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(byte* a, byte* b)
    {
        float* x = (float*)(a + (_length / 2)),
            y = (float*)(b + (_length / 2));
        float dot = x[0] * y[0] * (Int4Kernels.Dot(a, b, _length) - (Middle * (x[1] + y[1])) + (Middle * Middle * _length));
        return euclidean ? x[2] + y[2] - (2 * dot) : -dot;
    }

    // The error stands across the row in a random direction: it meets only what of the query stands across the row as well, and shrinks
    // with the root of the dimensions (the paper's theorem 3.2).
    public float Doubt(byte* query, byte* row)
    {
        const float Deviations = 2.5f;
        float* x = (float*)(query + _length),
            y = (float*)(row + (_length / 2));
        float dot = x[0] * y[0] * (Int4Kernels.Dot((sbyte*)query, row, _length) + x[1]);
        float error = Deviations * Lost * MathF.Sqrt(Math.Max(0, (x[2] * y[2]) - (dot * dot)) / _length);
        return euclidean ? 2 * error : error;
    }

    /// <summary>Where the code of a value is: its byte, and by how many bits it is shifted there.</summary>
    private static (int At, int Shift) Place(int value)
    {
        const int Half = Int4Kernels.Block / 2;
        int within = value % Int4Kernels.Block;
        return ((value / Int4Kernels.Block * Half) + (within % Half), within < Half ? 0 : 4);
    }

    private float Rotate(ReadOnlySpan<float> vector, float* rotated)
    {
        rotation.Apply(vector, new(rotated, _length));
        return TensorPrimitives.Dot(vector, vector);
    }
}
