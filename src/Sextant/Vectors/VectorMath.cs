using System.Numerics.Tensors;

namespace Sextant.Vectors;

/// <summary>How vectors are compared.</summary>
public static class VectorMath
{
    /// <summary>The inner product of two vectors of one length.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.Dot(a, b);

    /// <summary>Scales a vector to length 1.</summary>
    /// <returns><see langword="false"/>, and nothing is changed, for a vector of zeros.</returns>
    public static bool Normalize(Span<float> vector)
    {
        float norm = TensorPrimitives.Norm<float>(vector);
        if (norm == 0) return false;
        TensorPrimitives.Divide(vector, norm, vector);
        return true;
    }
}
