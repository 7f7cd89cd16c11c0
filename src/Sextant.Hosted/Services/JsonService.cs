using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Hosted.Services;

/// <summary>Sends a request and reads its response, for services without a client library.</summary>
internal static class JsonService
{
    /// <summary>Posts <paramref name="body"/> and gives what <paramref name="read"/> makes of the answer.</summary>
    /// <exception cref="SextantException">The answer is not what the service's interface gives.</exception>
    public static async Task<T> PostAsync<T>(
        HttpClient http,
        Uri address,
        string? key,
        JsonObject body,
        HostedModelName name,
        Func<JsonElement, T> read,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
        return await SendAsync(http, request, key, name, read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets <paramref name="address"/> and gives what <paramref name="read"/> makes of the answer.</summary>
    /// <exception cref="SextantException">The answer is not what the service's interface gives.</exception>
    public static async Task<T> GetAsync<T>(
        HttpClient http,
        Uri address,
        string? key,
        HostedModelName name,
        Func<JsonElement, T> read,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await SendAsync(http, request, key, name, read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The texts as a JSON array.</summary>
    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(static text => (JsonNode?)JsonValue.Create(text))]);

    private static async Task<T> SendAsync<T>(
        HttpClient http,
        HttpRequestMessage request,
        string? key,
        HostedModelName name,
        Func<JsonElement, T> read,
        CancellationToken cancellationToken
    )
    {
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken).ConfigureAwait(false);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException or JsonException)
        {
            throw new SextantException($"{name.Full}: the response does not match this service's API ({e.Message}); check the address", e);
        }
    }
}
