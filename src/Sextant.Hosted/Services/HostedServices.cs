using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using OpenAI;
using OpenAI.Embeddings;

namespace Sextant.Hosted.Services;

/// <summary>Makes the client of each service.</summary>
internal static class HostedServices
{
    public static IEmbeddingService Create(HostedModelName name, Uri address, string? key, HttpClient http) =>
        name.Provider switch
        {
            "voyage" => new VoyageEmbeddingService(http, address, key, name),
            "cohere" => new CohereEmbeddingService(http, address, key, name),
            "ollama" => new OllamaEmbeddingService(http, address, name),
            "azure" => new OpenAIEmbeddingService(Azure(name, address, key, http), name),
            _ => new OpenAIEmbeddingService(OpenAI(name, address, key, http), name),
        };

    // The clients require a key; without one, the HTTP pipeline removes this placeholder before sending.
    private static ApiKeyCredential Credential(string? key) => new(key ?? "none");

    private static EmbeddingClient OpenAI(HostedModelName name, Uri address, string? key, HttpClient http) =>
        new(name.Model, Credential(key), Configure(new OpenAIClientOptions { Endpoint = address }, http));

    private static EmbeddingClient Azure(HostedModelName name, Uri address, string? key, HttpClient http) =>
        new AzureOpenAIClient(address, Credential(key), Configure(new AzureOpenAIClientOptions(), http)).GetEmbeddingClient(name.Model);

    private static T Configure<T>(T options, HttpClient http)
        where T : ClientPipelineOptions
    {
        options.Transport = new HttpClientPipelineTransport(http);
        options.RetryPolicy = new ClientRetryPolicy(maxRetries: 0);
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;
        return options;
    }
}
