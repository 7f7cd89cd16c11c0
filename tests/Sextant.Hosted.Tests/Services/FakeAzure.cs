using Microsoft.AspNetCore.Http;

namespace Sextant.Hosted.Tests.Services;

/// <summary>Azure OpenAI's classic path, with its header for the key.</summary>
public sealed class FakeAzure : FakeOpenAI
{
    protected override bool IsAuthorized(SeenRequest request) => request.Headers.GetValueOrDefault("api-key") == Key;

    protected override IResult Answer(SeenRequest request)
    {
        string[] parts = request.Path.Split('?');
        return
            parts is ["/openai/deployments/my-embeddings/embeddings", var query]
            && query.StartsWith("api-version=", StringComparison.Ordinal)
            ? base.Answer(request with { Path = Route })
            : Error(404, "The API deployment for this resource does not exist", "DeploymentNotFound");
    }
}
