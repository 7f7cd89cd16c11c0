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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* a, byte* b)
    {
        float* x = (float*)(a + _padded), y = (float*)(b + _padded);
        float dot = SByteKernels.Dot((sbyte*)a, (sbyte*)b, _padded) * (x[0] * y[0]);
        return euclidean ? x[1] + y[1] - 2 * dot : -dot;
    }
}
