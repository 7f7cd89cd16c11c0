namespace Sextant.Training.Losses;

/// <summary>
/// A function of a batch's embeddings that training makes small. Implementations hold settings only and are thread-safe.
/// </summary>
public interface IEmbeddingLoss
{
    /// <summary>Computes the loss and adds <paramref name="weight"/> times its gradient to the batch's gradients.</summary>
    /// <param name="batch">The embeddings; they need not have length 1.</param>
    /// <param name="weight">A factor for the gradient, not for the value.</param>
    /// <param name="parallel">How many threads may work; the result is the same for any number.</param>
    /// <returns>The loss, a mean over the batch.</returns>
    double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel);
}
