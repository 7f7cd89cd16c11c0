using System.Numerics.Tensors;
using Sextant.Umap;

namespace Sextant.Training.Recipes;

/// <summary>Two tables of one vocabulary as one: side by side, then the principal components of the texts' embeddings.</summary>
internal static class SideBySide
{
    /// <summary>Replaces the rows by those of both tables.</summary>
    /// <param name="rows">The first table.</param>
    /// <param name="other">The second, as long.</param>
    /// <param name="weight">How much the second counts, where the first counts 1.</param>
    /// <param name="dimensions">The length of a row, before and after.</param>
    /// <param name="sample">The embeddings, of length 1, of some texts under a table of rows of some length.</param>
    public static void Merge(float[] rows, float[] other, float weight, int dimensions, Func<float[], int, float[]> sample)
    {
        int width = 2 * dimensions,
            tokens = rows.Length / dimensions;
        float[] joined = new float[2 * rows.Length];
        // The two may be of different scales; tokens of one mean length in both make the weight mean what it says.
        float first = 1 / MeanLength(rows, dimensions),
            second = weight / MeanLength(other, dimensions);
        for (int token = 0; token < tokens; token++)
        {
            Span<float> row = joined.AsSpan(token * width, width);
            TensorPrimitives.Multiply(rows.AsSpan(token * dimensions, dimensions), first, row[..dimensions]);
            TensorPrimitives.Multiply(other.AsSpan(token * dimensions, dimensions), second, row[dimensions..]);
        }

        PrincipalComponents axes = PrincipalComponents.Fit(sample(joined, width), width, dimensions);
        Parallel.For(
            0,
            tokens,
            token =>
            {
                for (int axis = 0; axis < dimensions; axis++)
                {
                    rows[(token * dimensions) + axis] = TensorPrimitives.Dot(joined.AsSpan(token * width, width), axes.Axis(axis));
                }
            }
        );

        // Principal components come by how wide they are; the second table's dimensions were trained so that the leading ones can stand
        // alone.
        RecipeStart.Turn(rows, dimensions, sample(rows, dimensions), sample(other, dimensions)).CopyTo(rows, 0);
    }

    private static float MeanLength(float[] rows, int dimensions)
    {
        double sum = 0;
        for (int start = 0; start < rows.Length; start += dimensions)
        {
            sum += TensorPrimitives.Norm<float>(rows.AsSpan(start, dimensions));
        }

        return (float)Math.Max(1e-9, sum * dimensions / rows.Length);
    }
}
