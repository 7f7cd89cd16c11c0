using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Embeddings;

namespace Sextant.Hosted.Services;

/// <summary>Makes the client of each service.</summary>
internal static class HostedServices
{
    public static IEmbeddingService Create(HostedModelName name, Uri address, string? key, HttpClient http) => name.Provider switch
    {
        _ => new OpenAIEmbeddingService(OpenAI(name, address, key, http), name),
    };

    private static EmbeddingClient OpenAI(HostedModelName name, Uri address, string? key, HttpClient http)
    {
        var options = new OpenAIClientOptions { Endpoint = address };
        Configure(options, http);
        // The client insists on a key; where there is none, the way out takes this one off again.
        return new EmbeddingClient(name.Model, new ApiKeyCredential(key ?? "none"), options);
    }

    private static void Configure(ClientPipelineOptions options, HttpClient http)
    {
        options.Transport = new HttpClientPipelineTransport(http);
        options.RetryPolicy = new ClientRetryPolicy(maxRetries: 0);
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;
    }
}
