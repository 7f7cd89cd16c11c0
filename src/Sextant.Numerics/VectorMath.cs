using System.Numerics.Tensors;

namespace Sextant.Numerics;

/// <summary>
/// How vectors are compared. Every method is exact up to the rounding of float32 sums. NaN and infinity are carried through as IEEE 754
/// says, except where a method says otherwise; lengths that differ are an <see cref="ArgumentException"/>.
/// </summary>
public static unsafe class VectorMath
{
    /// <summary>
    /// How far from 1 the squared length of a vector may be that was scaled to 1: the rounding of its values and of their sum.
    /// </summary>
    private const float UnitTolerance = 1e-6f;

    /// <summary>More than rounding changes the cosine of two equal vectors by, at any length that is in use.</summary>
    private const float CosineTolerance = 5e-7f;

    /// <summary>The inner product Σ aᵢbᵢ; 0 for vectors of length 0.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        RequireOneLength(a.Length, b.Length);
        fixed (
            float* x = a,
                y = b
        )
        {
            return FloatKernels.Dot(x, y, a.Length);
        }
    }

    /// <summary>The inner product of two vectors of int8, without overflow up to 131,071 dimensions.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static int Dot(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        RequireOneLength(a.Length, b.Length);
        fixed (
            sbyte* x = a,
                y = b
        )
        {
            return Int8Kernels.Dot(x, y, a.Length);
        }
    }

    /// <summary>
    /// The cosine of the angle between two vectors, in [-1, 1]; 0 when one of them is all zeros, NaN when one holds NaN or infinity.
    /// </summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        RequireOneLength(a.Length, b.Length);
        float scaleA = Scale(a),
            scaleB = Scale(b);
        if (!float.IsFinite(scaleA) || !float.IsFinite(scaleB))
            return float.NaN;
        if (scaleA == 0 || scaleB == 0)
            return 0;
        fixed (
            float* x = a,
                y = b
        )
        {
            double dot = FloatKernels.Dot(x, y, a.Length),
                aa = FloatKernels.Dot(x, x, a.Length),
                bb = FloatKernels.Dot(y, y, b.Length);
            if (aa is > 1e-25 and < 1e35 && bb is > 1e-25 and < 1e35)
                return (float)Math.Clamp(dot / Math.Sqrt(aa * bb), -1, 1);
        }

        // So large or small that squares leave float32's range: their direction is the same after scaling.
        float[] u = new float[a.Length],
            v = new float[b.Length];
        TensorPrimitives.Divide(a, scaleA, u);
        TensorPrimitives.Divide(b, scaleB, v);
        return Math.Clamp(TensorPrimitives.Dot<float>(u, v) / (TensorPrimitives.Norm<float>(u) * TensorPrimitives.Norm<float>(v)), -1, 1);
    }

    /// <summary>
    /// Removes rounding error from a cosine that was computed as a dot product: values within 5·10⁻⁷ of 1 or −1, or beyond them, become 1
    /// or −1.
    /// </summary>
    /// <returns>The cosine, in [-1, 1]; NaN for NaN.</returns>
    public static float ClampCosine(float cosine) =>
        cosine >= 1 - CosineTolerance ? 1
        : cosine <= CosineTolerance - 1 ? -1
        : cosine;

    /// <summary>The score of two vectors by <paramref name="metric"/>; higher is nearer.</summary>
    /// <param name="metric">
    /// How they are compared. For <see cref="SimilarityMetric.Cosine"/> both have length 1, or are all zeros.
    /// </param>
    /// <param name="a">One vector.</param>
    /// <param name="b">The other.</param>
    /// <returns>Their cosine in [-1, 1], their inner product, or their Euclidean distance negated.</returns>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Score(SimilarityMetric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        metric switch
        {
            SimilarityMetric.Euclidean => 0 - Euclidean(a, b),
            SimilarityMetric.Dot => Dot(a, b),
            _ => ClampCosine(Dot(a, b)),
        };

    /// <summary>The Euclidean distance √Σ(aᵢ − bᵢ)²; 0 for vectors of length 0.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Euclidean(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        RequireOneLength(a.Length, b.Length);
        fixed (
            float* x = a,
                y = b
        )
        {
            return MathF.Sqrt(FloatKernels.SquaredDistance(x, y, a.Length));
        }
    }

    /// <summary>Scales a vector to length 1. A vector that already has this length within rounding stays bit-identical.</summary>
    /// <returns><see langword="false"/>, and nothing is changed, for a vector that is all zeros or holds NaN or infinity.</returns>
    public static bool Normalize(Span<float> vector)
    {
        fixed (float* x = vector)
        {
            if (MathF.Abs(FloatKernels.Dot(x, x, vector.Length) - 1) <= UnitTolerance)
                return true;
        }

        float scale = Scale(vector);
        if (scale == 0 || !float.IsFinite(scale))
            return false;
        float norm = TensorPrimitives.Norm<float>(vector);
        if (!float.IsNormal(norm * norm))
        {
            TensorPrimitives.Divide(vector, scale, vector);
            norm = TensorPrimitives.Norm<float>(vector);
        }

        TensorPrimitives.Divide(vector, norm, vector);
        return true;
    }

    /// <summary>Whether every value is a number and none is infinite.</summary>
    public static bool IsFinite(ReadOnlySpan<float> vector) => float.IsFinite(Scale(vector));

    /// <summary>The largest magnitude; NaN when there is one.</summary>
    private static float Scale(ReadOnlySpan<float> vector) => vector.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(vector));

    private static void RequireOneLength(int a, int b)
    {
        if (a != b)
            throw new ArgumentException($"The vectors have {a} and {b} values; only vectors of equal length can be compared.");
    }
}
