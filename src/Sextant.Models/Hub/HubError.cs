using System.Globalization;
using System.Net;

namespace Sextant.Models.Hub;

/// <summary>Converts the hub's error responses to one line that says what to do.</summary>
internal static class HubError
{
    /// <summary>The error for <paramref name="model"/> that an unsuccessful <paramref name="response"/> represents.</summary>
    public static SextantException Describe(HttpResponseMessage response, HubModelName model, HubSettings settings, string? file)
    {
        int status = (int)response.StatusCode;
        string host = response.RequestMessage?.RequestUri?.Host ?? settings.Endpoint.Host;
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || status >= 500)
        {
            string cure =
                response.StatusCode == HttpStatusCode.TooManyRequests && settings.Token is null
                    ? "wait, or set HF_TOKEN to raise the limit"
                    : "try again later";
            return new HubTransientException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{model.Name}: {host} answers {status}{Request(response)}; {cure} (the partial download is kept)"
                ),
                RetryAfter(response)
            );
        }

        string code = Header(response, "X-Error-Code") ?? "";
        string page = new Uri(settings.Endpoint, model.Repository).AbsoluteUri;
        return (code, response.StatusCode) switch
        {
            ("GatedRepo", _) => new InputException(
                $"{model.Name} is gated: accept its conditions at {page}, then "
                    + (settings.Token is null ? "set HF_TOKEN to your access token" : "use a token of the account that accepted them")
            ),
            ("RevisionNotFound", _) => new InputException($"{model.Name}: {model.Repository} has no revision '{model.Revision}'"),
            ("EntryNotFound", _) => new InputException($"{model.Name}: {model.Repository} has no file '{file}' at this revision"),
            ("RepoNotFound", _) or (_, HttpStatusCode.Unauthorized) => new InputException(
                $"{model.Name}: no repository {model.Repository} at {settings.Endpoint.Host}, or it is private: check the name, "
                    + (settings.Token is null ? "and for a private one set HF_TOKEN" : "and that HF_TOKEN is valid and may read it")
                    + Meant(model)
            ),
            ("DisabledRepo", _) => new InputException($"{model.Name} has been disabled by {settings.Endpoint.Host}"),
            (_, HttpStatusCode.NotFound) => new InputException(
                $"{model.Name}: {host} knows no {file ?? model.Repository}{(file is null ? Meant(model) : "")}"
            ),
            _ => new SextantException(
                string.Create(CultureInfo.InvariantCulture, $"{model.Name}: {host} answers {status}{Reason(response)}{Request(response)}")
            ),
        };
    }

    /// <summary>The value of a header, if it is there.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - DateTimeOffset.UtcNow;

    private static string Meant(HubModelName model) =>
        Suggestion.Ask(model.Name, Catalog.ModelCatalog.Default.Entries.Select(static entry => entry.Name));

    private static string Reason(HttpResponseMessage response) =>
        Header(response, "X-Error-Message") is { Length: > 0 } text ? $" ({(text.Length > 200 ? text[..200] : text)})" : "";

    private static string Request(HttpResponseMessage response) =>
        Header(response, "X-Request-Id") is { Length: > 0 and < 100 } id ? $" (request {id})" : "";
}
