namespace Sextant.Numerics;

/// <summary>The similarity of every vector of one set with every vector of another.</summary>
public static class SimilarityMatrix
{
    /// <summary>Computes the cosines of all pairs.</summary>
    /// <param name="first">n vectors of any length above 0; a vector of zeros has the similarity 0 with everything.</param>
    /// <param name="second">m vectors with as many dimensions.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>n × m cosines, from −1 to 1.</returns>
    /// <exception cref="ArgumentException">The vectors differ in their dimensions, or one holds NaN or infinity.</exception>
    public static float[,] Compute(
        IReadOnlyList<ReadOnlyMemory<float>> first,
        IReadOnlyList<ReadOnlyMemory<float>> second,
        CancellationToken cancellationToken = default
    )
    {
        VectorRows left = new(first, normalize: true);
        VectorRows right = new(second, normalize: true, left.Count == 0 ? null : left.Dimensions);
        float[,] matrix = new float[left.Count, right.Count];
        right.ForEachBlock(
            left,
            new ParallelOptions { CancellationToken = cancellationToken },
            (row, start, cosines) =>
            {
                for (int j = 0; j < cosines.Length; j++)
                    matrix[row, start + j] = Math.Clamp(cosines[j], -1, 1);
            }
        );
        return matrix;
    }
}
