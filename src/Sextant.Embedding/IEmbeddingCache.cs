namespace Sextant.Embedding;

/// <summary>
/// The pipeline's store of vectors, so that no text is embedded or paid for twice. <c>EmbeddingCache</c> of Sextant.Core keeps them in a
/// file. A cache is a convenience: an implementation throws nothing because of what it cannot read or write. Thread-safe.
/// </summary>
public interface IEmbeddingCache : IDisposable
{
    /// <summary>The vectors of the keys that are known.</summary>
    /// <param name="keys">Each key once.</param>
    /// <returns>As many as <paramref name="keys"/>, <see langword="null"/> for those that are not known.</returns>
    float[]?[] Read(ReadOnlySpan<CacheKey> keys);

    /// <summary>Keeps vectors of one model.</summary>
    /// <param name="fingerprint">
    /// The <see cref="ModelProfile.Fingerprint"/> of the model, which the keys hold already; for counting.
    /// </param>
    /// <param name="entries">The vectors with their keys.</param>
    void Write(string fingerprint, IReadOnlyList<KeyValuePair<CacheKey, ReadOnlyMemory<float>>> entries);
}
