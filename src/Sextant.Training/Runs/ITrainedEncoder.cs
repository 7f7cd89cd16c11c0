using Sextant.Embedding;
using Sextant.Models.Safetensors;
using Sextant.Training.Numerics;

namespace Sextant.Training.Runs;

/// <summary>
/// What a run trains. It makes embeddings of texts that it knows by their numbers, and takes the gradient of a loss, which sees
/// nothing but those embeddings, back into its weights.
/// </summary>
public interface ITrainedEncoder
{
    /// <summary>The length of its embeddings.</summary>
    int Dimensions { get; }

    /// <summary>Steps taken so far.</summary>
    long Steps { get; }

    /// <summary>Embeds texts for training.</summary>
    /// <param name="texts">Their numbers.</param>
    /// <param name="queries">How many of them, from the first on, are queries; the others are documents.</param>
    /// <param name="random">Decides dropout.</param>
    /// <param name="parallel">How many threads may work; the result is the same for any number.</param>
    EmbeddingMatrix Forward(int[] texts, int queries, SeededRandom random, ParallelOptions parallel);

    /// <summary>Backpropagates the gradient of the last <see cref="Forward"/> and updates the weights: one step.</summary>
    /// <param name="gradients">The gradient of the loss with respect to each embedding, in the shape of the embeddings.</param>
    /// <param name="rate">The step's learning rate.</param>
    /// <param name="parallel">Limits the number of threads.</param>
    void Backward(EmbeddingMatrix gradients, float rate, ParallelOptions parallel);

    /// <summary>Embeds texts as the finished model will, without dropout; rows need not have length 1.</summary>
    /// <param name="texts">Their numbers.</param>
    /// <param name="role">Whether they are queries or documents.</param>
    EmbeddingMatrix Embed(int[] texts, EmbeddingRole role);

    /// <summary>Adds the weights and the optimizer's state to a checkpoint.</summary>
    /// <param name="file">The checkpoint.</param>
    void Save(SafetensorsWriter file);

    /// <summary>Takes them back.</summary>
    /// <param name="file">A file written by <see cref="Save"/>.</param>
    /// <param name="steps">Steps taken by then.</param>
    /// <exception cref="InputException">The file does not fit.</exception>
    void Restore(SafetensorsFile file, long steps);
}
