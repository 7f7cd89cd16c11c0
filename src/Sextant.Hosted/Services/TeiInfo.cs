using System.Text.Json;
using Sextant.Hosted.Http;

namespace Sextant.Hosted.Services;

/// <summary>The response of Hugging Face's text-embeddings-inference at <c>/info</c>.</summary>
/// <param name="IsReranker">Whether its model is a reranker rather than an embedding model or a classifier.</param>
/// <param name="MaxTexts">The most texts of one request.</param>
/// <param name="MaxTokens">The most tokens of query and document together; <see langword="null"/> when it does not say.</param>
internal sealed record TeiInfo(bool IsReranker, int MaxTexts, int? MaxTokens)
{
    // The server's own default.
    private const int UsualTexts = 32;

    /// <summary>The base address of the server's native routes, as opposed to the OpenAI-compatible ones below <c>/v1</c>.</summary>
    public static Uri Root(Uri address)
    {
        string path = address.AbsolutePath.TrimEnd('/');
        return new UriBuilder(address) { Path = path.EndsWith("/v1", StringComparison.Ordinal) ? path[..^3] : path }.Uri;
    }

    /// <summary>Asks a server; <see langword="null"/> when it is of another kind.</summary>
    /// <exception cref="ServiceException">It cannot be reached.</exception>
    public static async Task<TeiInfo?> GetAsync(
        HttpClient http,
        Uri root,
        string? key,
        HostedModelName name,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await JsonService
                .GetAsync(http, new Uri($"{root.AbsoluteUri.TrimEnd('/')}/info"), key, name, Read, cancellationToken)
                .ConfigureAwait(false);
        }
        // Another server has no such page, forbids it, or shows something else there.
        catch (ServiceException e) when (e.Status is not null || e.InnerException?.InnerException is InvalidDataException or JsonException)
        {
            return null;
        }
    }

    private static TeiInfo? Read(JsonElement root) =>
        root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("model_type", out JsonElement type)
            ? null
            : new TeiInfo(
                type.ValueKind == JsonValueKind.Object && type.TryGetProperty("reranker", out _),
                PositiveOrNull(root, "max_client_batch_size") ?? UsualTexts,
                PositiveOrNull(root, "max_input_length")
            );

    private static int? PositiveOrNull(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out int number)
        && number > 0
            ? number
            : null;
}
