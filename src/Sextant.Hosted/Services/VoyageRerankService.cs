using System.Text.Json.Nodes;

namespace Sextant.Hosted.Services;

/// <summary>Voyage's <c>/v1/rerank</c>, which truncates texts longer than the model's limit.</summary>
internal sealed class VoyageRerankService(HttpClient http, Uri address, string? key, HostedModelName name) : IRerankService
{
    private readonly Uri _endpoint = new($"{address.AbsoluteUri.TrimEnd('/')}/rerank");

    public Task<ServiceScores> ScoreAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["query"] = query,
            ["documents"] = JsonService.Array(documents),
            ["model"] = name.Model,
            ["truncation"] = true,
        };
        return JsonService.PostAsync(
            http,
            _endpoint,
            key,
            body,
            name,
            root => new ServiceScores(
                RerankServices.Read(root.GetProperty("data"), "relevance_score", documents.Count),
                RerankServices.ReadTokens(root)
            ),
            cancellationToken
        );
    }
}
