using System.Numerics.Tensors;

namespace Sextant.Umap;

/// <summary>Validates the rows of every method, and computes their mean.</summary>
internal static class RowCheck
{
    /// <summary>Holds when the values are whole rows of finite numbers.</summary>
    public static void Finite(ReadOnlySpan<float> rows, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (rows.Length % dimensions != 0)
            throw new ArgumentException($"{rows.Length} values are not a whole number of rows of {dimensions}.", nameof(rows));
        for (int i = 0; i < rows.Length; i += dimensions)
        {
            // Finite values can have an infinite sum of squares, so a suspicious row is looked at value by value.
            ReadOnlySpan<float> row = rows.Slice(i, dimensions);
            if (float.IsFinite(TensorPrimitives.SumOfSquares(row)))
                continue;
            for (int j = 0; j < dimensions; j++)
            {
                if (!float.IsFinite(row[j]))
                    throw new InputException($"Value {j} of row {i / dimensions} is {row[j]}; leave the row out or give it finite values.");
            }

            throw new InputException($"Row {i / dimensions} is too long to compare; scale the rows down.");
        }
    }

    /// <summary>The mean of the rows; zeros if there are no rows.</summary>
    public static float[] Mean(ReadOnlySpan<float> rows, int dimensions)
    {
        double[] sums = new double[dimensions];
        for (int i = 0; i < rows.Length; i += dimensions)
        {
            for (int j = 0; j < dimensions; j++)
                sums[j] += rows[i + j];
        }

        int count = Math.Max(1, rows.Length / dimensions);
        return Array.ConvertAll(sums, sum => (float)(sum / count));
    }
}
