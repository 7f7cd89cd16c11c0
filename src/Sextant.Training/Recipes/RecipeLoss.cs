using Sextant.Training.Losses;

namespace Sextant.Training.Recipes;

/// <summary>The loss of pairs, and for batches of the teachers' texts theirs.</summary>
/// <param name="pairs">The loss of a batch of pairs.</param>
/// <param name="teacher">The loss of a batch of the teachers' texts.</param>
/// <param name="firstText">The id from which texts are the teachers'.</param>
/// <param name="teacherWeight">The weight of the teachers' batches.</param>
internal sealed class RecipeLoss(IEmbeddingLoss pairs, IEmbeddingLoss teacher, int firstText, float teacherWeight) : IEmbeddingLoss
{
    /// <inheritdoc />
    public double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.TextIds.Span[0] < firstText
            ? pairs.Compute(batch, weight, parallel)
            : teacherWeight * teacher.Compute(batch, weight * teacherWeight, parallel);
    }
}
