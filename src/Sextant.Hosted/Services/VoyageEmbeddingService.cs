using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Embedding;

namespace Sextant.Hosted.Services;

/// <summary>
/// Voyage's <c>/v1/embeddings</c>. The service adds its own prompt to a text according to <c>input_type</c>. Its default silent truncation
/// is disabled.
/// </summary>
internal sealed class VoyageEmbeddingService(HttpClient http, Uri address, string? key, HostedModelName name) : IEmbeddingService
{
    private readonly Uri _endpoint = new($"{address.AbsoluteUri.TrimEnd('/')}/embeddings");

    public Task<ServiceVectors> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingRole role,
        int? dimensions,
        CancellationToken cancellationToken
    )
    {
        var body = new JsonObject
        {
            ["model"] = name.Model,
            ["input"] = JsonService.Array(texts),
            ["input_type"] = role == EmbeddingRole.Query ? "query" : "document",
            ["truncation"] = false,
            ["encoding_format"] = "base64",
        };
        if (dimensions is { } length)
        {
            body["output_dimension"] = length;
        }

        return JsonService.PostAsync(http, _endpoint, key, body, name, root => Read(root, texts.Count), cancellationToken);
    }

    private static ServiceVectors Read(JsonElement root, int count) =>
        new(
            IndexedAnswers.InOrder(
                [
                    .. root.GetProperty("data")
                        .EnumerateArray()
                        .Select(static item => (item.GetProperty("index").GetInt32(), JsonVectors.Vector(item.GetProperty("embedding")))),
                ],
                count
            ),
            root.TryGetProperty("usage", out JsonElement usage) ? usage.GetProperty("total_tokens").GetInt64() : null
        );
}
