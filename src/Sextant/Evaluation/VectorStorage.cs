using System.Numerics.Tensors;

namespace Sextant.Evaluation;

/// <summary>How a vector's numbers are kept, and so what they cost to keep.</summary>
public enum VectorStorage
{
    /// <summary>Four bytes a dimension, exact.</summary>
    Float32 = 0,

    /// <summary>One byte a dimension: 255 steps between the vector's largest value and its opposite.</summary>
    Int8 = 1,

    /// <summary>One bit a dimension: its sign. Cosine is then 1 - 2h/d for h differing bits of d.</summary>
    Bit = 2,
}

/// <summary>What a way of keeping vectors does to them.</summary>
public static class VectorStorageExtensions
{
    /// <summary>The bytes that a vector of <paramref name="dimensions"/> takes, without the one scale that int8 adds.</summary>
    public static int Bytes(this VectorStorage storage, int dimensions) => storage switch
    {
        VectorStorage.Int8 => dimensions,
        VectorStorage.Bit => (dimensions + 7) / 8,
        _ => dimensions * sizeof(float),
    };

    /// <summary>Rounds a vector to what is kept of it; zeros stay zeros.</summary>
    internal static void Round(this VectorStorage storage, Span<float> vector)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(vector));
        if (largest == 0 || storage == VectorStorage.Float32) return;
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = storage == VectorStorage.Bit
                ? vector[i] >= 0 ? 1 : -1
                : MathF.Round(vector[i] / largest * 127);
        }
    }
}
