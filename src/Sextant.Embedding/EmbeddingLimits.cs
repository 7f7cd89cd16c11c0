namespace Sextant.Embedding;

/// <summary>
/// What one request to a model may hold, and whether its results are worth keeping. A generator that has limits offers them through
/// <c>GetService(typeof(EmbeddingLimits))</c>; the pipeline packs its batches by them.
/// </summary>
public sealed record EmbeddingLimits
{
    /// <summary>The most texts of one request; at least 1.</summary>
    /// <value>256.</value>
    public int MaxTexts { get; init; } = 256;

    /// <summary>
    /// The most tokens of all texts of one request together, or <see langword="null"/> when only their number counts.
    /// Counted by the model's <see cref="Tokenizers.ITokenCounter"/>, or estimated at three characters a token when it has none.
    /// </summary>
    public int? MaxTokens { get; init; }

    /// <summary>How many requests may be under way at once; at least 1.</summary>
    /// <value>1.</value>
    public int MaxConcurrency { get; init; } = 1;

    /// <summary>
    /// Whether the model has a vector for an empty text. Most services reject empty texts, so unless this is set, empty and white-space
    /// texts become the zero vector without calling the model.
    /// </summary>
    public bool AcceptsEmptyText { get; init; }

    /// <summary>
    /// Whether vectors are kept in the file cache. A model that computes a vector faster than the file returns it clears this. A cache set
    /// with <see cref="EmbeddingPipelineOptions.Cache"/> is always used.
    /// </summary>
    /// <value><see langword="true"/>.</value>
    public bool UseFileCache { get; init; } = true;
}
