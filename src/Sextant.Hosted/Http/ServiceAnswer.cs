using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sextant.Hosted.Http;

/// <summary>Reads what the services' error bodies and headers have in common, which is little.</summary>
internal static class ServiceAnswer
{
    // OpenAI and most others, Azure, TEI, Cohere, Azure's gateway.
    private static readonly string[] RequestIdHeaders =
    [
        "x-request-id",
        "request-id",
        "apim-request-id",
        "x-debug-trace-id",
        "x-ms-request-id",
    ];

    /// <summary>The service's id of this request, for support inquiries.</summary>
    public static string? RequestId(HttpResponseMessage response) =>
        RequestIdHeaders
            .Select(name => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null)
            .FirstOrDefault(static id => !string.IsNullOrWhiteSpace(id));

    /// <summary>
    /// The message and the code of an error body: <c>{"error":{"message","code","type"}}</c> (OpenAI), <c>{"error":"…"}</c> (Ollama),
    /// <c>{"detail":"…"}</c> (Voyage), <c>{"message":"…"}</c> (Cohere, TEI); or the start of the body in any other case.
    /// </summary>
    public static (string Message, string Code) Error(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                JsonElement inner =
                    root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object ? error : root;
                string? message = Text(inner, "message") ?? Text(inner, "error") ?? Text(inner, "detail") ?? Text(inner, "title");
                string code = $"{Text(inner, "code")} {Text(inner, "type")} {Text(inner, "error_type")}".Trim();
                if (message is not null)
                {
                    return (message, code);
                }
            }
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing at all.
        }

        string start = body.Trim();
        return (start.Length > 200 || start.StartsWith('<') ? "" : start, "");
    }

    /// <summary>
    /// How long the service asks to wait: <c>retry-after-ms</c>, <c>Retry-After</c> (seconds or a date), <c>X-RateLimit-Reset</c> (Unix
    /// time).
    /// </summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        HttpResponseHeaders headers = response.Headers;
        if (Number(headers, "retry-after-ms") is { } milliseconds)
        {
            return NotNegative(TimeSpan.FromMilliseconds(milliseconds));
        }

        if (headers.RetryAfter is { } after)
        {
            return NotNegative(after.Delta ?? after.Date - time.GetUtcNow());
        }

        // Some send fractions, which the typed header rejects.
        if (Number(headers, "Retry-After") is { } seconds)
        {
            return NotNegative(TimeSpan.FromSeconds(seconds));
        }

        return response.StatusCode == HttpStatusCode.TooManyRequests && Number(headers, "X-RateLimit-Reset") is > 1_000_000_000 and { } unix
            ? NotNegative(DateTimeOffset.FromUnixTimeMilliseconds((long)(unix * 1000)) - time.GetUtcNow())
            : null;
    }

    public static double? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values)
        && double.TryParse(values.FirstOrDefault(), System.Globalization.CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
        && number is >= 0 and < 1e11
            ? number
            : null;

    private static TimeSpan? NotNegative(TimeSpan? wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait;

    private static string? Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out JsonElement value)
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Null or JsonValueKind.Undefined => null,
                _ => value.GetRawText(),
            };
}
