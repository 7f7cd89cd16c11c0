using System.Numerics.Tensors;
using Sextant.Models.Static;

namespace Sextant.Training.Encoders;

/// <summary>A text as the weighted sum of its tokens' rows, as the model that is trained will read it.</summary>
internal static class TokenSum
{
    /// <summary>Adds the rows of the tokens to a sum.</summary>
    public static void Add(ReadOnlySpan<float> rows, int dimensions, ReadOnlySpan<int> tokens, float? positionScale, Span<float> sum)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(
                rows.Slice(tokens[i] * dimensions, dimensions),
                PositionWeights.GetWeight(i, positionScale),
                sum,
                sum
            );
        }
    }

    /// <summary>The sum, scaled to length 1; zero stays zero.</summary>
    public static void Unit(ReadOnlySpan<float> rows, int dimensions, ReadOnlySpan<int> tokens, float? positionScale, Span<float> sum)
    {
        sum.Clear();
        Add(rows, dimensions, tokens, positionScale, sum);
        TensorPrimitives.Multiply(sum, 1 / Math.Max(1e-9f, TensorPrimitives.Norm<float>(sum)), sum);
    }
}
