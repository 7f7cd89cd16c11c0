using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Embedding;

namespace Sextant.Hosted.Services;

/// <summary>
/// Cohere's <c>/v2/embed</c>, whose response is grouped by type instead of by text, in the order of the texts. Requests disable silent
/// truncation, so a text that is too long is an error.
/// </summary>
internal sealed class CohereEmbeddingService(HttpClient http, Uri address, string? key, HostedModelName name) : IEmbeddingService
{
    private readonly Uri _endpoint = new($"{address.AbsoluteUri.TrimEnd('/')}/v2/embed");

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
            ["texts"] = JsonService.Array(texts),
            ["input_type"] = role == EmbeddingRole.Query ? "search_query" : "search_document",
            ["embedding_types"] = JsonService.Array(["base64"]),
            ["truncate"] = "NONE",
        };
        if (dimensions is { } length)
        {
            body["output_dimension"] = length;
        }

        return JsonService.PostAsync(http, _endpoint, key, body, name, Read, cancellationToken);
    }

    private static ServiceVectors Read(JsonElement root)
    {
        JsonElement embeddings = root.GetProperty("embeddings");
        // Also plain numbers, which some gateways return regardless of the requested format.
        if (!embeddings.TryGetProperty("base64", out JsonElement vectors) || vectors.ValueKind != JsonValueKind.Array)
        {
            vectors = embeddings.GetProperty("float");
        }

        long? tokens =
            root.TryGetProperty("meta", out JsonElement meta)
            && meta.TryGetProperty("billed_units", out JsonElement billed)
            && billed.TryGetProperty("input_tokens", out JsonElement count)
            && count.TryGetDouble(out double number)
                ? (long)number
                : null;
        return new ServiceVectors([.. vectors.EnumerateArray().Select(JsonVectors.Vector)], tokens);
    }
}
