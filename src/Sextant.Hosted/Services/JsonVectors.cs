using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sextant.Hosted.Services;

/// <summary>Sends a body and reads vectors, for services without a client library of their own.</summary>
internal static class JsonVectors
{
    /// <summary>Posts <paramref name="body"/> and gives what <paramref name="read"/> makes of the answer.</summary>
    /// <exception cref="SextantException">The answer is not what the service's interface gives.</exception>
    public static async Task<ServiceVectors> PostAsync(
        HttpClient http, Uri address, string? key, JsonObject body, HostedModelName name, Func<JsonElement, ServiceVectors> read,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
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
            throw new SextantException($"{name.Full}: the answer is not what this service's interface gives ({e.Message}); check the address", e);
        }
    }

    /// <summary>The texts as a JSON array.</summary>
    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(static text => (JsonNode?)JsonValue.Create(text))]);

    /// <summary>A vector: base64 of little-endian float32, or an array of numbers.</summary>
    public static ReadOnlyMemory<float> Vector(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return element.Deserialize<float[]>();
        }

        byte[] bytes = element.GetBytesFromBase64();
        return bytes.Length % sizeof(float) == 0
            ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            : throw new FormatException("a vector's base64 is not a whole number of float32 values");
    }
}
