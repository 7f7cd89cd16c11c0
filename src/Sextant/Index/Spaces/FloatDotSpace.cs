using System.Runtime.CompilerServices;
using Sextant.Vectors;

namespace Sextant.Index.Spaces;

/// <summary>Rows of float32, padded with zeros; the distance is the negated inner product.</summary>
internal readonly unsafe struct FloatDotSpace(int dimensions) : IRowSpace
{
    private readonly int _padded = (dimensions + 15) / 16 * 16;

    public int RowBytes => _padded * sizeof(float);

    public void Encode(ReadOnlySpan<float> vector, byte* row)
    {
        var target = new Span<float>(row, _padded);
        vector.CopyTo(target);
        target[vector.Length..].Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* a, byte* b) => -FloatKernels.Dot((float*)a, (float*)b, _padded);
}
