using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Training.Data;
using Sextant.Training.Distillation;
using Sextant.Training.Runs;

namespace Sextant.Training.Recipes;

/// <summary>
/// What the teachers of a recipe say of its texts: their unit vectors side by side, each times the square root of its share, so that
/// the cosine of two such vectors is the weighted mean of the teachers' cosines; then the principal components of these.
/// </summary>
internal static class RecipeTargets
{
    /// <summary>One unit vector a text, one after the other.</summary>
    public static async Task<float[]> ComputeAsync(
        RecipeDistillation recipe,
        int dimensions,
        IReadOnlyList<string> texts,
        Func<string, CancellationToken, Task<IEmbeddingGenerator<string, Embedding<float>>>> open,
        TrainingRunOptions run,
        CancellationToken cancellationToken
    )
    {
        if (texts.Count == 0)
        {
            throw new InputException("the recipe's distillation has no texts left; add sources with texts that are not held out");
        }

        float[][] joined = new float[texts.Count][];
        float total = recipe.Teachers.Sum(static teacher => teacher.Weight);
        foreach (RecipeTeacher teacher in recipe.Teachers)
        {
            using IEmbeddingGenerator<string, Embedding<float>> model = await open(teacher.Model, cancellationToken).ConfigureAwait(false);
            float[][] vectors = await EmbedAsync(model, teacher, texts, run, cancellationToken).ConfigureAwait(false);
            float factor = MathF.Sqrt(teacher.Weight / total);
            for (int i = 0; i < texts.Count; i++)
            {
                float length = TensorPrimitives.Norm<float>(vectors[i]);
                TensorPrimitives.Multiply(vectors[i], length > 0 ? factor / length : 0, vectors[i]);
                joined[i] = joined[i] is { } before ? [.. before, .. vectors[i]] : vectors[i];
            }
        }

        TeacherSpace space = TeacherSpace.Fit(joined, dimensions, cancellationToken);
        run.Log(FormattableString.Invariant($"{dimensions} dimensions keep {space.Kept:P1} of the teachers' variance"));
        return space.Dimensions == dimensions
            ? space.ProjectUnit(joined)
            : throw new InputException(
                $"the teachers' vectors have {space.Dimensions} dimensions together, fewer than the recipe's {dimensions}"
            );
    }

    private static async Task<float[][]> EmbedAsync(
        IEmbeddingGenerator<string, Embedding<float>> model,
        RecipeTeacher teacher,
        IReadOnlyList<string> texts,
        TrainingRunOptions run,
        CancellationToken cancellationToken
    )
    {
        float[][] vectors = new float[texts.Count][];
        foreach (
            IGrouping<bool, int> group in Enumerable
                .Range(0, texts.Count)
                .GroupBy(i => teacher.QuestionsAreQueries && texts[i].TrimEnd().EndsWith('?'))
        )
        {
            int[] rows = [.. group];
            float[][] embedded = await ModelVectors
                .EmbedAsync(
                    model,
                    [.. rows.Select(i => texts[i])],
                    group.Key ? EmbeddingRole.Query : EmbeddingRole.Document,
                    run,
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (int i = 0; i < rows.Length; i++)
            {
                vectors[rows[i]] = embedded[i];
            }
        }

        return vectors;
    }
}
