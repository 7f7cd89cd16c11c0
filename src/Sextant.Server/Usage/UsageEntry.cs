namespace Sextant.Server.Usage;

/// <summary>What one key has used of one model on one day.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Key">The name of the key.</param>
/// <param name="Model">The name of the model or reranker.</param>
/// <param name="Requests">How many times the model was called.</param>
/// <param name="Tokens">The tokens that it read.</param>
/// <param name="Documents">The documents that it reranked.</param>
/// <param name="Usd">The cost in US dollars; 0 for models that run here and models without a known price.</param>
internal sealed record UsageEntry(DateOnly Day, string Key, string Model, long Requests, long Tokens, long Documents, decimal Usd);
