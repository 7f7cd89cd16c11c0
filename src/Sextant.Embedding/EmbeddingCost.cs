namespace Sextant.Embedding;

/// <summary>The estimated cost of embedding texts.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Texts">The number of texts.</param>
/// <param name="Tokens">The tokens that would be sent: those of texts that are not in the cache, each once.</param>
/// <param name="Requests">How many requests would carry them.</param>
/// <param name="Usd">What they cost; 0 for a model that runs here, <see langword="null"/> when the model's price is not known.</param>
/// <param name="IsExact">Whether the tokens are counted as the model counts them, or estimated.</param>
public sealed record EmbeddingCost(string Model, long Texts, long Tokens, long Requests, decimal? Usd, bool IsExact);
