using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sextant.Client;

/// <summary>Sends a request and reads its response; every failure is a <see cref="SextantClientException"/>.</summary>
internal sealed class ServiceCaller(HttpClient http)
{
    /// <summary>Names in snake case, like the service; unknown properties come from a newer service and are ignored.</summary>
    public static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public Uri Address => http.BaseAddress!;

    public static HttpContent Json<T>(T body) => JsonContent.Create(body, new MediaTypeHeaderValue("application/json"), JsonOptions);

    public async Task<T> CallAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        CancellationToken cancellationToken,
        string? idempotencyKey = null
    )
    {
        using HttpResponseMessage answer = await SendAsync(method, path, body, cancellationToken, idempotencyKey).ConfigureAwait(false);
        return await ReadAsync(() => answer.Content.ReadFromJsonAsync<T>(JsonOptions, cancellationToken)).ConfigureAwait(false)
            ?? throw new SextantClientException("The service sent an empty response.");
    }

    /// <summary>Sends a request; the caller reads and disposes the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        CancellationToken cancellationToken,
        string? idempotencyKey = null
    )
    {
        // Resolved here, so that an escaped slash in an id stays one.
        using HttpRequestMessage request = new(method, new Uri(http.BaseAddress!, path)) { Content = body };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        HttpResponseMessage answer = await ReadAsync(() =>
                http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            )
            .ConfigureAwait(false);
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await RefusalAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads from the service; connection failures and malformed responses are reported like all other errors.</summary>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new SextantClientException($"The service at {Address} cannot be reached: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new SextantClientException($"The server at {Address} is not a Sextant service: {e.Message}", e);
        }
    }

    private static async Task<SextantClientException> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        ErrorDetail? said = null;
        try
        {
            said = (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(JsonOptions, cancellationToken).ConfigureAwait(false))?.Error;
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // A proxy in between responds with its own text; the status is enough.
        }

        return new SextantClientException(said?.Message ?? $"The service answered {(int)answer.StatusCode} {answer.ReasonPhrase}.")
        {
            Status = answer.StatusCode,
            Code = said?.Code,
            Param = said?.Param,
            RetryAfter = answer.Headers.RetryAfter?.Delta,
        };
    }
}
