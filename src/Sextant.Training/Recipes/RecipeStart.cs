using System.Numerics.Tensors;
using Sextant.Training.Encoders;
using Sextant.Training.FineTuning;
using Sextant.Training.Numerics;

namespace Sextant.Training.Recipes;

/// <summary>
/// The rows that a recipe starts from, rotated so that the texts' embeddings are as near as possible to the teachers'
/// (the orthogonal Procrustes problem, Schönemann 1966; its solution is the orthogonal polar factor of SᵀT).
/// </summary>
internal static class RecipeStart
{
    private const int SampleTexts = 50_000,
        Iterations = 60;

    /// <summary>The model that the recipe starts from; <see langword="null"/> when it starts from nothing.</summary>
    public static StaticBase? Open(StaticModelRecipe recipe, string dataDirectory)
    {
        if (recipe.Start is not { } name)
        {
            return null;
        }

        var model = StaticBase.Open(Locate(name, dataDirectory));
        return model.Model.Dimensions == recipe.Dimensions
            ? model
            : throw new InputException(
                $"{name} has {model.Model.Dimensions} dimensions, and the recipe that starts from it {recipe.Dimensions}"
            );
    }

    /// <summary>A folder next to the data, or the name of any static model.</summary>
    public static string Locate(string name, string dataDirectory) =>
        Path.Combine(dataDirectory, name) is var folder && Directory.Exists(folder) ? folder : name;

    /// <summary>The turned rows.</summary>
    /// <param name="rows">The vectors of all tokens, concatenated.</param>
    /// <param name="dimensions">The dimensions of a vector.</param>
    /// <param name="texts">The token ids of the texts that have targets.</param>
    /// <param name="targets">The teachers' unit vector of each text.</param>
    /// <param name="positionScale">How tokens are weighted by position.</param>
    public static float[] Align(float[] rows, int dimensions, IReadOnlyList<int[]> texts, float[] targets, float? positionScale)
    {
        int step = Math.Max(1, texts.Count / SampleTexts),
            sample = (texts.Count + step - 1) / step;
        float[] own = new float[sample * dimensions],
            wanted = new float[sample * dimensions];
        Parallel.For(
            0,
            sample,
            i =>
            {
                TokenSum.Unit(rows, dimensions, texts[i * step], positionScale, own.AsSpan(i * dimensions, dimensions));
                targets.AsSpan(i * step * dimensions, dimensions).CopyTo(wanted.AsSpan(i * dimensions, dimensions));
            }
        );

        return Turn(rows, dimensions, own, wanted);
    }

    /// <summary>Rotates all rows: every cosine is preserved, and texts move as near as possible to their target vectors.</summary>
    /// <param name="rows">The vectors of all tokens, concatenated.</param>
    /// <param name="dimensions">The dimensions of a vector.</param>
    /// <param name="own">The embeddings of some texts computed from these rows.</param>
    /// <param name="wanted">The target vectors of these texts.</param>
    public static float[] Turn(float[] rows, int dimensions, float[] own, float[] wanted)
    {
        int sample = own.Length / dimensions;
        var parallel = new ParallelOptions();
        float[] cross = new float[dimensions * dimensions],
            turned = new float[rows.Length];
        MatrixProduct.Multiply(
            MatrixOperand.RowMajor(own, sample, dimensions).Transposed,
            MatrixOperand.RowMajor(wanted, sample, dimensions),
            cross,
            parallel
        );
        Orthogonalize(cross, dimensions, parallel);
        MatrixProduct.Multiply(
            MatrixOperand.RowMajor(rows, rows.Length / dimensions, dimensions),
            MatrixOperand.RowMajor(cross, dimensions, dimensions),
            turned,
            parallel
        );
        return turned;
    }

    /// <summary>The orthogonal polar factor, by Newton and Schulz's iteration X ← 1.5 X − 0.5 X Xᵀ X.</summary>
    private static void Orthogonalize(float[] matrix, int size, ParallelOptions parallel)
    {
        TensorPrimitives.Multiply(matrix, 1 / Math.Max(1e-30f, TensorPrimitives.Norm<float>(matrix)), matrix);
        float[] square = new float[matrix.Length],
            cube = new float[matrix.Length];
        for (int i = 0; i < Iterations; i++)
        {
            MatrixOperand x = MatrixOperand.RowMajor(matrix, size, size);
            MatrixProduct.Multiply(x.Transposed, x, square, parallel);
            MatrixProduct.Multiply(x, MatrixOperand.RowMajor(square, size, size), cube, parallel);
            TensorPrimitives.Multiply(matrix, 1.5f, matrix);
            TensorPrimitives.MultiplyAdd(cube, -0.5f, matrix, matrix);
        }
    }
}
