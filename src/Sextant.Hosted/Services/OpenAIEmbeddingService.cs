using System.ClientModel;
using OpenAI.Embeddings;
using Sextant.Embedding;

namespace Sextant.Hosted.Services;

/// <summary>
/// OpenAI and what copies it, through OpenAI's own client, which asks for vectors in base64 and reads both forms.
/// Its retries are switched off: one policy serves all services.
/// </summary>
internal sealed class OpenAIEmbeddingService(EmbeddingClient client, HostedModelName name) : IEmbeddingService
{
    public async Task<ServiceVectors> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingRole role,
        int? dimensions,
        CancellationToken cancellationToken
    )
    {
        try
        {
            ClientResult<OpenAIEmbeddingCollection> result = await client
                .GenerateEmbeddingsAsync(
                    texts,
                    new OpenAI.Embeddings.EmbeddingGenerationOptions { Dimensions = dimensions },
                    cancellationToken
                )
                .ConfigureAwait(false);
            OpenAIEmbeddingCollection answer = result.Value;
            return new ServiceVectors(
                IndexedAnswers.InOrder([.. answer.Select(static embedding => (embedding.Index, embedding.ToFloats()))], texts.Count),
                answer.Usage?.InputTokenCount
            );
        }
        catch (Exception e)
            when (e
                    is FormatException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or System.Text.Json.JsonException
                        or ArgumentException
            )
        {
            throw new SextantException($"{name.Full}: the response does not match OpenAI's API ({e.Message}); check the address", e);
        }
    }
}
