using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Hosted.Services;

/// <summary>Cohere's <c>/v2/rerank</c>, which reads the first 4,096 tokens of a document and charges by search units.</summary>
internal sealed class CohereRerankService(HttpClient http, Uri address, string? key, HostedModelName name) : IRerankService
{
    private readonly Uri _endpoint = new($"{address.AbsoluteUri.TrimEnd('/')}/v2/rerank");

    public Task<ServiceScores> ScoreAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["model"] = name.Model,
            ["query"] = query,
            ["documents"] = JsonService.Array(documents),
        };
        return JsonService.PostAsync(http, _endpoint, key, body, name, root => Read(root, documents.Count), cancellationToken);
    }

    private static ServiceScores Read(JsonElement root, int documents)
    {
        long? searches =
            root.TryGetProperty("meta", out JsonElement meta)
            && meta.TryGetProperty("billed_units", out JsonElement billed)
            && billed.TryGetProperty("search_units", out JsonElement units)
            && units.TryGetDouble(out double number)
                ? (long)number
                : null;
        return new ServiceScores(RerankServices.Read(root.GetProperty("results"), "relevance_score", documents), Searches: searches);
    }
}
