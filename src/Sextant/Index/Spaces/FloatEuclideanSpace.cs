using System.Runtime.CompilerServices;
using Sextant.Vectors;

namespace Sextant.Index.Spaces;

/// <summary>Rows of float32, padded with zeros; the distance is the square of the Euclidean one.</summary>
internal readonly unsafe struct FloatEuclideanSpace(int dimensions) : IRowSpace
{
    private readonly int _padded = (dimensions + 15) / 16 * 16;

    public int RowBytes => _padded * sizeof(float);

    public void Encode(ReadOnlySpan<float> vector, byte* row) => new FloatDotSpace(vector.Length).Encode(vector, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* a, byte* b) => FloatKernels.SquaredDistance((float*)a, (float*)b, _padded);
}
