using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Polly.Timeout;

namespace Sextant.Hosted.Http;

/// <summary>
/// Converts a failure after all retries into a one-line error: the service, its message, a suggestion, and the request id. Works the same
/// for every service and SDK, because none of them sees a failed response.
/// </summary>
/// <param name="name">The model.</param>
/// <param name="address">The service.</param>
/// <param name="key">Its key, which is never shown.</param>
/// <param name="timeout">The timeout of one attempt.</param>
/// <param name="time">The clock.</param>
/// <param name="keepsAnswers">Whether responses are cached: vectors are, scores are not.</param>
internal sealed class RefusalHandler(HostedModelName name, Uri address, string? key, TimeSpan timeout, TimeProvider time, bool keepsAnswers)
    : DelegatingHandler
{
    private string Kept => keepsAnswers ? "run it again later; finished embeddings are kept" : "run it again later";

    private string AndKept => keepsAnswers ? "; finished embeddings are kept" : "";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            request.Headers.Authorization = null;
            request.Headers.Remove("api-key");
        }

        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                RequestNotes.Note(response);
                return response;
            }

            using (response)
            {
                throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TimeoutRejectedException e)
        {
            throw new ServiceException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name.Full}: {address.Authority} did not answer within {timeout.TotalSeconds:0} s; {Kept}"
                ),
                RefusalKind.Other,
                inner: e
            );
        }
        catch (HttpRequestException e)
        {
            throw new ServiceException(
                e.InnerException switch
                {
                    InvalidDataException => $"{name.Full}: {address.Authority} answered with a web page; check "
                        + $"{Settings.AddressVariable(name.Provider) ?? "the address"}, and that no proxy or login page stands between",
                    IOException or JsonException => $"{name.Full}: the response of {address.Authority} is incomplete or not JSON; {Kept}",
                    // An unreachable server is a plain socket error.
                    _ => Unreachable(e),
                },
                RefusalKind.Other,
                inner: e
            );
        }
    }

    private string Unreachable(HttpRequestException e)
    {
        string where = Settings.AddressVariable(name.Provider) is { } variable ? $" and {variable}" : " and the address";
        string reason = e.InnerException is SocketException socket
            ? socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "no server is listening",
                SocketError.HostNotFound => "the host does not exist",
                SocketError.TryAgain => "its name cannot be resolved",
                _ => socket.Message,
            }
            : e.Message;
        return name.Provider == "ollama"
            ? $"{name.Full}: cannot reach {address.Authority} ({reason}); start it with 'ollama serve', or set OLLAMA_HOST"
            : $"{name.Full}: cannot reach {address.Authority} ({reason}); check the network{where}, then {Kept}";
    }

    private async Task<ServiceException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        (string message, string code) = ServiceAnswer.Error(body);
        string said = Clean(message);
        string status = string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)response.StatusCode}{(said.Length > 0 ? $" {said}" : $" {response.ReasonPhrase}")}"
        );
        string id = ServiceAnswer.RequestId(response) is { } request ? $" (request {Clean(request)})" : "";
        return new ServiceException(
            $"{name.Full}: {address.Authority} answered {status}{id}{Cure(response, message, body)}",
            KindOf(response.StatusCode, message, code),
            response.StatusCode
        )
        {
            RelatedOptions = IsTooLong(message) ? ["ChunkTokens"] : [],
        };
    }

    private string Cure(HttpResponseMessage response, string message, string body)
    {
        string? variable = Settings.KeyVariable(name.Provider);
        string? wait = ServiceAnswer.RetryAfter(response, time) is { } after
            ? string.Create(CultureInfo.InvariantCulture, $" in {Math.Ceiling(after.TotalSeconds)} s")
            : null;
        return (int)response.StatusCode switch
        {
            401 or 403 => variable is null ? "; this server needs a key" : $"; check {variable}",
            404 when name.Provider == "ollama" => $"; get the model with: ollama pull {name.Model}",
            404 when name.Provider == "azure" => "; check the deployment's name and AZURE_OPENAI_ENDPOINT",
            404 => "; check the model's name and the address",
            429 when RetryRules.IsExhausted(body) => "; the account's quota is used up: check its billing page, then run it again"
                + AndKept,
            429 => $"; the rate limit is reached: run it again{wait ?? " later"}{AndKept}",
            400 or 413 or 422 when IsTooLong(message) => "; split the texts into shorter chunks",
            408 or >= 500 => $"; {Kept}",
            >= 300 and < 400 => "; it redirects requests: check the address",
            _ => "",
        };
    }

    /// <summary>One line, without the key that some services repeat.</summary>
    private string Clean(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        line = key is { Length: > 0 } ? line.Replace(key, "***", StringComparison.Ordinal) : line;
        return line.Length > 400 ? $"{line[..400]}…" : line;
    }

    /// <summary>Whether one text alone has more tokens than the model reads, in the words of the services.</summary>
    private static bool IsTooLong(string message) =>
        Array.Exists(
            ["context length", "context window", "too many tokens", "must have less than", "maximum input length"],
            words => message.Contains(words, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether a smaller request would do. The services have no common code for it, so their words decide.</summary>
    private static RefusalKind KindOf(HttpStatusCode status, string message, string code)
    {
        if (status == HttpStatusCode.RequestEntityTooLarge)
        {
            // TEI says 413 for too many texts as well as for too many bytes.
            return Says(message, "batch size") ? RefusalKind.TooManyTexts : RefusalKind.TooManyTokens;
        }

        if (status is not (HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity))
        {
            return RefusalKind.Other;
        }

        return Says(code, "max_tokens_per_request")
            || Says(message, "max_tokens_per_request")
            || Says(message, "tokens per request")
            || Says(message, "tokens per submitted batch")
                ? RefusalKind.TooManyTokens
            : Says(message, "batch size")
            || Says(message, "number of texts")
            || Says(message, "number of documents")
            || Says(message, "too many documents")
            || Says(message, "array too long")
            || Says(message, "too many inputs")
            || Says(message, "batch is limited")
            || Says(message, "list too long")
            || Says(message, "at most 2048")
                ? RefusalKind.TooManyTexts
            : RefusalKind.Other;

        static bool Says(string text, string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
    }
}
