namespace Sextant.Hosted;

/// <summary>What is known of a hosted reranker before it is asked, from <c>hosted-models.json</c>.</summary>
/// <param name="MaxDocuments">The most documents of one request.</param>
/// <param name="MaxRequestTokens">The most tokens of one request: those of the query times the documents, and those of all documents.</param>
/// <param name="MaxTokens">The most tokens of query and document together; <see langword="null"/> when unknown.</param>
/// <param name="Price">What it costs.</param>
internal sealed record RerankerFacts(int MaxDocuments, long MaxRequestTokens, int? MaxTokens, RerankPrice Price)
{
    /// <summary>Whether the service's name for the model says that it is a reranker, as all of theirs do.</summary>
    public static bool IsReranker(HostedModelName name) =>
        HostedModelFacts.RerankersOf(name.Provider) is not null && name.Model.Contains("rerank", StringComparison.OrdinalIgnoreCase);

    /// <summary>The facts of a reranker; of one that is not listed, those of its provider.</summary>
    public static RerankerFacts Of(HostedModelName name)
    {
        ProviderRerankers provider = HostedModelFacts.RerankersOf(name.Provider)!;
        ListedReranker? listed = Array.Find(provider.Models, model => model.Name == name.Model);
        return new RerankerFacts(
            provider.MaxDocuments,
            provider.MaxRequestTokens ?? long.MaxValue,
            listed?.MaxTokens,
            new RerankPrice(listed?.UsdPerMillionTokens, listed?.UsdPerThousandSearches));
    }
}

/// <summary>The limits of a provider's rerankers, and those that are known by name.</summary>
internal sealed record ProviderRerankers(string Provider, int MaxDocuments, ListedReranker[] Models, long? MaxRequestTokens = null);

/// <summary>A reranker that is known by name.</summary>
internal sealed record ListedReranker(string Name, int MaxTokens, decimal? UsdPerMillionTokens = null, decimal? UsdPerThousandSearches = null);
