namespace Sextant.Training.Losses;

/// <summary>
/// A function of a batch's embeddings that training minimizes. Implementations hold only settings and are thread-safe. Implement
/// <see cref="Compute"/> for a custom loss; the other members have defaults.
/// </summary>
public interface IEmbeddingLoss
{
    /// <summary>
    /// What a model's card calls the loss. Name its settings too: a checkpoint is only continued with a loss of the same description.
    /// </summary>
    string Description => GetType().Name;

    /// <summary>What it needs of every row; data without it are rejected before training.</summary>
    LossInputs Needs => LossInputs.Pairs;

    /// <summary>Whether the other pairs of a batch are negatives, so that no text should be in a batch twice.</summary>
    bool UsesInBatchNegatives => false;

    /// <summary>Computes the loss and adds <paramref name="weight"/> times its gradient to the batch's gradients.</summary>
    /// <param name="batch">The embeddings; they need not have length 1.</param>
    /// <param name="weight">A factor for the gradient, not for the value.</param>
    /// <param name="parallel">How many threads may work; the result is the same for any number.</param>
    /// <returns>The loss, a mean over the batch.</returns>
    double Compute(EmbeddingBatch batch, float weight, ParallelOptions parallel);
}
