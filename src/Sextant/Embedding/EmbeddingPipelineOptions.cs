namespace Sextant.Embedding;

/// <summary>How requests to a model are handled on their way; see <see cref="EmbeddingPipeline"/>.</summary>
public sealed record EmbeddingPipelineOptions
{
    /// <summary>
    /// Cut every vector to this length and scale it to length 1 again (Matryoshka); <see langword="null"/> keeps the model's own length.
    /// A request may ask for another through <c>EmbeddingGenerationOptions.Dimensions</c>.
    /// </summary>
    public int? Dimensions { get; init; }

    /// <summary>Whether vectors are kept on disk, so that no text is computed or paid for twice.</summary>
    /// <value><see langword="true"/>.</value>
    public bool UseCache { get; init; } = true;

    /// <summary>The folder of the cache; <see cref="SextantPaths.CacheDirectory"/> when <see langword="null"/>.</summary>
    public string? CacheDirectory { get; init; }
}
