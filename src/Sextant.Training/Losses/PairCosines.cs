using System.Numerics.Tensors;

namespace Sextant.Training.Losses;

/// <summary>
/// Row-wise cosines between unit rows, and the way back: a gradient with respect to one cosine c = â·b̂ becomes
/// gradients with respect to â and b̂.
/// </summary>
internal static class PairCosines
{
    public static float Compute(UnitRows a, int i, UnitRows b, int j) => TensorPrimitives.Dot(a[i], b[j]);

    /// <summary>Adds what a cosine's gradient means for its two unit rows.</summary>
    public static void AddGradient(float gradient, UnitRows a, int i, float[] toA, UnitRows b, int j, float[] toB)
    {
        Span<float> targetA = toA.AsSpan(i * a.Columns, a.Columns),
            targetB = toB.AsSpan(j * b.Columns, b.Columns);
        TensorPrimitives.MultiplyAdd(b[j], gradient, targetA, targetA);
        TensorPrimitives.MultiplyAdd(a[i], gradient, targetB, targetB);
    }
}
