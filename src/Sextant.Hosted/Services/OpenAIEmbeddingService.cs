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
        IReadOnlyList<string> texts, EmbeddingRole role, int? dimensions, CancellationToken cancellationToken)
    {
        OpenAIEmbeddingCollection answer;
        try
        {
            ClientResult<OpenAIEmbeddingCollection> result = await client.GenerateEmbeddingsAsync(
                texts, new OpenAI.Embeddings.EmbeddingGenerationOptions { Dimensions = dimensions }, cancellationToken).ConfigureAwait(false);
            answer = result.Value;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException or System.Text.Json.JsonException
            or ArgumentException)
        {
            throw new SextantException($"{name.Full}: the answer is not what OpenAI's interface gives ({e.Message}); check the address", e);
        }

        var vectors = new ReadOnlyMemory<float>[texts.Count];
        int placed = 0;
        foreach (OpenAIEmbedding embedding in answer)
        {
            // Servers answer in the order in which they finish; the index says whose vector it is.
            if ((uint)embedding.Index >= (uint)vectors.Length || !vectors[embedding.Index].IsEmpty)
            {
                placed = -1;
                break;
            }

            vectors[embedding.Index] = embedding.ToFloats();
            placed++;
        }

        return placed == texts.Count
            ? new ServiceVectors(vectors, answer.Usage?.InputTokenCount)
            : throw new SextantException($"{name.Full}: the answer has not one vector for each of {texts.Count} texts; run it again, what was embedded so far is kept");
    }
}
