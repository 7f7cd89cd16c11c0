using System.Runtime.CompilerServices;
using Sextant.Vectors;

namespace Sextant.Index.Spaces;

/// <summary>Rows of float32, padded with zeros; the distance is the square of the Euclidean one.</summary>
internal readonly unsafe struct FloatEuclideanSpace(int dimensions) : IRowSpace
{
    private readonly int _padded = (dimensions + 15) / 16 * 16;

    public int RowBytes => _padded * sizeof(float);

    public int QueryBytes => RowBytes;

    public bool IsLossless => true;

    public void Encode(ReadOnlySpan<float> vector, byte* row)
    {
        var target = new Span<float>(row, _padded);
        vector.CopyTo(target);
        target[vector.Length..].Clear();
    }

    public void EncodeQuery(ReadOnlySpan<float> vector, byte* query) => Encode(vector, query);

    public void Decode(byte* row, Span<float> vector) => new ReadOnlySpan<float>(row, vector.Length).CopyTo(vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* query, byte* row) => FloatKernels.SquaredDistance((float*)query, (float*)row, _padded);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(byte* a, byte* b) => Distance(a, b);

    public float Doubt(byte* query, byte* row) => 0;
}
