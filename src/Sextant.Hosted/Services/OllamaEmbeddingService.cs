using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Exceptions;
using Sextant.Embedding;

namespace Sextant.Hosted.Services;

/// <summary>Ollama's <c>/api/embed</c>, with its default silent truncation disabled.</summary>
internal sealed class OllamaEmbeddingService : IEmbeddingService
{
    private readonly OllamaApiClient _client;
    private readonly HostedModelName _name;

    public OllamaEmbeddingService(HttpClient http, Uri address, HostedModelName name)
    {
        http.BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
        (_client, _name) = (new OllamaApiClient(http, name.Model), name);
        // The library writes its own headers' list into the body, where the interface knows no such field.
        JsonSerializerOptions outgoing = _client.OutgoingJsonSerializerOptions;
        outgoing.TypeInfoResolver = (outgoing.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(static type =>
        {
            for (int i = type.Properties.Count - 1; i >= 0; i--)
            {
                if (type.Properties[i].Name == nameof(OllamaRequest.CustomHeaders))
                {
                    type.Properties.RemoveAt(i);
                }
            }
        });
    }

    public async Task<ServiceVectors> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingRole role,
        int? dimensions,
        CancellationToken cancellationToken
    )
    {
        try
        {
            EmbedResponse answer = await _client
                .EmbedAsync(
                    new EmbedRequest
                    {
                        Model = _name.Model,
                        Input = [.. texts],
                        Truncate = false,
                        Dimensions = dimensions,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return new ServiceVectors(
                [.. (answer.Embeddings ?? []).Select(static vector => (ReadOnlyMemory<float>)vector)],
                answer.PromptEvalCount
            );
        }
        catch (Exception e) when (e is OllamaException or JsonException or InvalidOperationException)
        {
            throw new SextantException($"{_name.Full}: the response does not match Ollama's API ({e.Message}); check OLLAMA_HOST", e);
        }
    }
}
