using System.Text.Json.Nodes;

namespace Sextant.Hosted.Services;

/// <summary>Jina's <c>/v1/rerank</c>, without documents in the response.</summary>
internal sealed class JinaRerankService(HttpClient http, Uri address, string? key, HostedModelName name) : IRerankService
{
    private readonly Uri _endpoint = new($"{address.AbsoluteUri.TrimEnd('/')}/rerank");

    public Task<ServiceScores> ScoreAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["model"] = name.Model,
            ["query"] = query,
            ["documents"] = JsonService.Array(documents),
            ["return_documents"] = false,
        };
        return JsonService.PostAsync(
            http,
            _endpoint,
            key,
            body,
            name,
            root => new ServiceScores(
                RerankServices.Read(root.GetProperty("results"), "relevance_score", documents.Count),
                RerankServices.ReadTokens(root)
            ),
            cancellationToken
        );
    }
}
