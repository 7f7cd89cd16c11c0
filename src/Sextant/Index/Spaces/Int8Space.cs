using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Sextant.Vectors;

namespace Sextant.Index.Spaces;

/// <summary>
/// Rows of int8, each scaled by its own largest value, with that scale and its squared length behind them. The distance is the negated inner
/// product, or the squared Euclidean distance by |a|² + |b|² − 2ab.
/// </summary>
internal readonly unsafe struct Int8Space(int dimensions, bool euclidean) : IRowSpace
{
    private const int Levels = 127;

    private readonly int _padded = (dimensions + 31) / 32 * 32;

    public int RowBytes => _padded + 2 * sizeof(float);

    public int QueryBytes => RowBytes;

    public bool IsLossless => false;

    public void Encode(ReadOnlySpan<float> vector, byte* row)
    {
        new Span<byte>(row, RowBytes).Clear();
        float scale = vector.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(vector)) / Levels;
        if (scale > 0)
        {
            sbyte* codes = (sbyte*)row;
            for (int i = 0; i < vector.Length; i++) codes[i] = (sbyte)Math.Clamp(MathF.Round(vector[i] / scale), -Levels, Levels);
        }

        float* tail = (float*)(row + _padded);
        tail[0] = scale;
        tail[1] = TensorPrimitives.Dot(vector, vector);
    }

    public void EncodeQuery(ReadOnlySpan<float> vector, byte* query) => Encode(vector, query);

    public void Decode(byte* row, Span<float> vector) => throw new NotSupportedException("Codes of 8 bits do not hold the vector.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* query, byte* row)
    {
        float* x = (float*)(query + _padded), y = (float*)(row + _padded);
        float dot = SByteKernels.Dot((sbyte*)query, (sbyte*)row, _padded) * (x[0] * y[0]);
        return euclidean ? x[1] + y[1] - 2 * dot : -dot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(byte* a, byte* b) => Distance(a, b);

    // Rounding errors are spread evenly over a step, so their sum has a deviation of step/√12 times the length of the other side.
    public float Doubt(byte* query, byte* row)
    {
        const float Deviations = 3;
        float* x = (float*)(query + _padded), y = (float*)(row + _padded);
        float error = Deviations * MathF.Sqrt(((x[0] * x[0] * y[1]) + (y[0] * y[0] * x[1])) / 12);
        return euclidean ? 2 * error : error;
    }
}
