using System.Text.Json;

namespace Sextant.Hosted.Services;

/// <summary>Makes the client of each service, and reads what their answers have in common.</summary>
internal static class RerankServices
{
    /// <param name="name">A reranker of Cohere, Voyage or Jina.</param>
    /// <param name="address">The service's address.</param>
    /// <param name="key">Its key.</param>
    /// <param name="http">The way out.</param>
    public static IRerankService Create(HostedModelName name, Uri address, string? key, HttpClient http) =>
        name.Provider switch
        {
            "cohere" => new CohereRerankService(http, address, key, name),
            "voyage" => new VoyageRerankService(http, address, key, name),
            _ => new JinaRerankService(http, address, key, name),
        };

    /// <summary>The scores of a list of objects with <c>index</c> and <paramref name="score"/>, in the order of the documents.</summary>
    public static IReadOnlyList<float> Read(JsonElement results, string score, int documents) =>
        IndexedAnswers.InOrder(
            [.. results.EnumerateArray().Select(item => (item.GetProperty("index").GetInt32(), item.GetProperty(score).GetSingle()))],
            documents
        );

    /// <summary>The tokens that an answer says it used.</summary>
    public static long? ReadTokens(JsonElement root) =>
        root.TryGetProperty("usage", out JsonElement usage) && usage.TryGetProperty("total_tokens", out JsonElement tokens)
            ? tokens.GetInt64()
            : null;
}
