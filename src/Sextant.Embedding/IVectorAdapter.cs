namespace Sextant.Embedding;

/// <summary>
/// Transforms a model's vectors, such as a trained linear adapter. A model returns it from <c>GetService</c>, in addition to its own
/// <see cref="ModelProfile"/>, and <see cref="EmbeddingPipeline"/> applies it after the cache, which keeps the vectors of the model itself.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public interface IVectorAdapter
{
    /// <summary>Returns the profile of the adapted model, with a separate fingerprint.</summary>
    /// <param name="model">The model's own profile.</param>
    /// <exception cref="InputException">The adapter does not belong to this model.</exception>
    ModelProfile Describe(ModelProfile model);

    /// <summary>Returns the transformed vector, of the same length.</summary>
    /// <param name="vector">The model's vector.</param>
    /// <param name="role">Whether the text is a query or a document.</param>
    float[] Apply(ReadOnlySpan<float> vector, EmbeddingRole role);
}
