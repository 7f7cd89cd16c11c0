using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Sextant.Numerics;

namespace Sextant.Index.Spaces;

/// <summary>
/// Rows of int8 after a random rotation, each scaled by its own largest value, with that scale and its squared length behind them. The
/// distance is
/// the negated inner product, or the squared Euclidean distance by |a|² + |b|² − 2ab.
/// </summary>
internal readonly unsafe struct Int8Space(RandomRotation rotation, bool euclidean) : IRowSpace
{
    private const int Levels = 127;
    private const int Unit = 32;

    private readonly int _length = rotation.Length;

    public int RowBytes => _length + (2 * sizeof(float));

    public int CodeBytes => _length;

    public int QueryBytes => RowBytes;

    /// <summary>The length to which a vector is filled up before it is rotated.</summary>
    public static int Padded(int dimensions) => (dimensions + Unit - 1) / Unit * Unit;

    public void Encode(ReadOnlySpan<float> vector, byte* row)
    {
        float* rotated = stackalloc float[_length];
        rotation.Apply(vector, new(rotated, _length));
        float scale = Math.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(rotated, _length))) / Levels;
        Int8Kernels.Quantize(rotated, scale, (sbyte*)row, _length);
        float* tail = (float*)(row + _length);
        tail[0] = scale;
        tail[1] = TensorPrimitives.Dot(vector, vector);
    }

    public void EncodeQuery(ReadOnlySpan<float> vector, byte* query) => Encode(vector, query);

    public void Decode(byte* row, Span<float> vector)
    {
        float scale = *(float*)(row + _length);
        for (int i = 0; i < _length; i++)
            vector[i] = scale * ((sbyte*)row)[i];
    }

    public void DecodeQuery(byte* query, Span<float> vector) => Decode(query, vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* query, byte* row)
    {
        float* x = (float*)(query + _length),
            y = (float*)(row + _length);
        float dot = Int8Kernels.Dot((sbyte*)query, (sbyte*)row, _length) * (x[0] * y[0]);
        return euclidean ? x[1] + y[1] - 2 * dot : -dot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(byte* a, byte* b) => Distance(a, b);

    // Rounding errors are spread evenly over a step, so their sum has a deviation of step/√12 times the length of the other side.
    public float Doubt(byte* query, byte* row)
    {
        const float Deviations = 3;
        float* x = (float*)(query + _length),
            y = (float*)(row + _length);
        float error = Deviations * MathF.Sqrt(((x[0] * x[0] * y[1]) + (y[0] * y[0] * x[1])) / 12);
        return euclidean ? 2 * error : error;
    }
}
