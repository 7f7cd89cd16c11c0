namespace Sextant.Hosted;

/// <summary>The facts about a hosted reranker that are known before the first request, from <c>hosted-models.json</c>.</summary>
/// <param name="MaxDocuments">The maximum number of documents per request.</param>
/// <param name="MaxRequestTokens">
/// The maximum number of tokens per request: the query's tokens times the number of documents, plus the tokens of all documents.
/// </param>
/// <param name="MaxTokens">The maximum number of tokens of query and document together; <see langword="null"/> when unknown.</param>
/// <param name="Price">The price.</param>
internal sealed record RerankerFacts(int MaxDocuments, long MaxRequestTokens, int? MaxTokens, RerankPrice Price)
{
    /// <summary>Whether the service's name for the model says that it is a reranker, as all of theirs do.</summary>
    public static bool IsReranker(HostedModelName name) =>
        HostedModelFacts.RerankersOf(name.Provider) is not null && name.Model.Contains("rerank", StringComparison.OrdinalIgnoreCase);

    /// <summary>The facts of a reranker; of one that is not listed, those of its provider.</summary>
    public static RerankerFacts Find(HostedModelName name)
    {
        ProviderRerankers provider = HostedModelFacts.RerankersOf(name.Provider)!;
        ListedReranker? listed = Array.Find(provider.Models, model => model.Name == name.Model);
        return new RerankerFacts(
            provider.MaxDocuments,
            provider.MaxRequestTokens ?? long.MaxValue,
            listed?.MaxTokens,
            new RerankPrice(listed?.UsdPerMillionTokens, listed?.UsdPerThousandSearches)
        );
    }
}

/// <summary>The limits of a provider's rerankers, and those that are known by name.</summary>
internal sealed record ProviderRerankers(string Provider, int MaxDocuments, ListedReranker[] Models, long? MaxRequestTokens = null);

/// <summary>A reranker that is known by name.</summary>
internal sealed record ListedReranker(
    string Name,
    int MaxTokens,
    decimal? UsdPerMillionTokens = null,
    decimal? UsdPerThousandSearches = null
);
