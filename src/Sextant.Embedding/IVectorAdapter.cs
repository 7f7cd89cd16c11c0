
namespace Sextant.Embedding;

/// <summary>
/// A change of a model's vectors that comes after the cache, so that the cache keeps what the model itself gave and was paid for.
/// A model offers it through <c>GetService</c>, beside its own <see cref="ModelProfile"/>.
/// </summary>
internal interface IVectorAdapter
{
    /// <summary>What the adapted model says of itself.</summary>
    /// <param name="model">The model's own profile.</param>
    /// <exception cref="InputException">The adapter does not belong to this model.</exception>
    ModelProfile Describe(ModelProfile model);

    /// <summary>The adapted vector, of the same length.</summary>
    float[] Apply(ReadOnlySpan<float> vector, EmbeddingRole role);
}
