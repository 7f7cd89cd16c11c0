using System.Runtime.CompilerServices;
using Sextant.Vectors;

namespace Sextant.Index.Spaces;

/// <summary>
/// Rows of float32 in two parts: the upper 16 bits of every value, then the lower ones. The graph is walked by the upper parts, which are
/// half the bytes to fetch; nothing is lost. The distance is the negated inner product.
/// </summary>
internal readonly unsafe struct SplitFloatSpace(int dimensions) : IRowSpace
{
    /// <summary>What cutting a value after 7 bits of mantissa leaves out, on average and its deviation, in proportion.</summary>
    private const float Cut = 0.0028f, CutDeviation = 0.0019f;

    private readonly int _padded = (dimensions + UpperHalfKernels.Block - 1) / UpperHalfKernels.Block * UpperHalfKernels.Block;

    public int RowBytes => _padded * sizeof(float);

    /// <summary>The values, and their length.</summary>
    public int QueryBytes => (_padded + 1) * sizeof(float);

    public bool IsLossless => true;

    public void Encode(ReadOnlySpan<float> vector, byte* row)
    {
        new Span<byte>(row, RowBytes).Clear();
        ushort* upper = (ushort*)row, lower = upper + _padded;
        for (int i = 0; i < vector.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(vector[i]);
            (upper[i], lower[i]) = ((ushort)(bits >> 16), (ushort)bits);
        }
    }

    public void EncodeQuery(ReadOnlySpan<float> vector, byte* query)
    {
        UpperHalfKernels.Arrange(vector, (float*)query, _padded);
        ((float*)query)[_padded] = System.Numerics.Tensors.TensorPrimitives.Norm(vector);
    }

    public void Decode(byte* row, Span<float> vector)
    {
        ushort* upper = (ushort*)row, lower = upper + _padded;
        for (int i = 0; i < vector.Length; i++) vector[i] = BitConverter.UInt32BitsToSingle(((uint)upper[i] << 16) | lower[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* query, byte* row) => -UpperHalfKernels.Dot((float*)query, (ushort*)row, _padded);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(byte* a, byte* b) => -UpperHalfKernels.Dot((ushort*)a, (ushort*)b, _padded);

    // What is cut off points along the row, but for a part in a random direction, which shrinks with the root of the dimensions.
    public float Doubt(byte* query, byte* row) =>
        (Cut * MathF.Abs(Distance(query, row))) + (3 * CutDeviation * ((float*)query)[_padded] * MathF.Sqrt(-Between(row, row) / _padded));
}
