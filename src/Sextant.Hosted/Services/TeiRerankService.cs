using System.Text.Json.Nodes;

namespace Sextant.Hosted.Services;

/// <summary>The <c>/rerank</c> of Hugging Face's text-embeddings-inference. Scores are probabilities; long texts are cut.</summary>
internal sealed class TeiRerankService(HttpClient http, Uri root, string? key, HostedModelName name) : IRerankService
{
    private readonly Uri _endpoint = new($"{root.AbsoluteUri.TrimEnd('/')}/rerank");

    public Task<ServiceScores> ScoreAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["query"] = query,
            ["texts"] = JsonService.Array(documents),
            ["raw_scores"] = false,
            ["truncate"] = true,
        };
        return JsonService.PostAsync(
            http,
            _endpoint,
            key,
            body,
            name,
            ranks => new ServiceScores(RerankServices.Read(ranks, "score", documents.Count)),
            cancellationToken
        );
    }
}
