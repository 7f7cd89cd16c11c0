using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Sextant.Server.Http;

/// <summary>
/// The outermost middleware: every failure becomes a response in OpenAI's error format, with the message of a
/// <see cref="SextantException"/> if available, without local paths, and never with a stack trace.
/// </summary>
internal sealed class ErrorHandling(RequestDelegate next, ServerOptions options, LocalPaths paths, ILogger<ErrorHandling> logger)
{
    private static readonly Regex ParameterRegex = new(
        "^Failed to bind parameter \"[^\"]* (?<name>\\w+)\" from \"(?<value>.{0,100})\"",
        RegexOptions.NonBacktracking,
        TimeSpan.FromSeconds(1)
    );

    private const int ClientClosedRequest = 499;
    private const int RetrySeconds = 1;
    private const string DamagedCode = "collection_damaged";
    private const int SqliteFull = 13,
        NoSpace = 28,
        WindowsNoSpace = unchecked((int)0x80070070);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
                await WriteAsync(context, Plain(context.Response.StatusCode));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = ClientClosedRequest;
        }
        catch (Exception e)
        {
            ServiceException error = Describe(e);
            if (error.Status >= 500)
                logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path.Value);
            if (context.Response.HasStarted)
            {
                // Half an answer must not look like a whole one.
                context.Abort();
                return;
            }

            context.Response.Headers.Remove("ETag");
            context.Response.Headers.Remove("Content-Disposition");
            context.Response.ContentLength = null;
            await WriteAsync(context, error);
        }
    }

    /// <summary>Writes an error as the answer.</summary>
    public static Task WriteAsync(HttpContext context, ServiceException error)
    {
        context.Response.StatusCode = error.Status;
        // Damage does not pass by waiting.
        if (error.Status is 429 or 503 && error.Code != DamagedCode && context.Response.Headers.RetryAfter.Count == 0)
            context.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
        return context.Response.WriteAsJsonAsync(
            new ErrorBody(new(error.Message, error.Type, error.Param, error.Code)),
            ServerJson.Options,
            CancellationToken.None
        );
    }

    private ServiceException Describe(Exception exception) =>
        exception switch
        {
            ServiceException known => known,
            BadHttpRequestException { InnerException: JsonException json } => JsonComplaint.Create(json),
            BadHttpRequestException { StatusCode: 413 } => Plain(413),
            BadHttpRequestException { StatusCode: 415 } => Plain(415),
            BadHttpRequestException bad => new(bad.StatusCode, Words(bad)),
            JsonException json => JsonComplaint.Create(json),
            CollectionBusyException busy => new(409, Local(busy), null, "collection_busy", "conflict"),
            CollectionRemovedException removed => new(404, Local(removed), "name", "collection_not_found"),
            CollectionReadOnlyException closed => new(403, Local(closed), null, "read_only", "permission_error"),
            InputException input => ServiceException.BadRequest(Local(input)),
            CollectionDamagedException damaged => new(503, Local(damaged), null, DamagedCode, "server_error"),
            SextantException { Cause: FailureCause.Permanent } failure => new(500, Local(failure), null, "storage_refused", "server_error"),
            SextantException { Cause: FailureCause.ReadOnly } failure => new(403, Local(failure), null, "read_only", "permission_error"),
            SextantException or IOException when IsFull(exception) || IsFull(exception.InnerException) => new(
                507,
                "The disk is full: nothing of this request was stored, and earlier data is intact.",
                null,
                "storage_full",
                "server_error"
            ),
            SextantException { InnerException: IOException or UnauthorizedAccessException } or IOException or UnauthorizedAccessException =>
                new(503, "The collection is temporarily unavailable; see the log of the service.", null, "storage", "server_error"),
            SextantException failure => new(503, Local(failure), null, "unavailable", "server_error"),
            OperationCanceledException or TimeoutException => new(503, "The request timed out.", null, "timeout", "server_error"),
            _ => new(500, "Internal error; see the log of the service.", null, "internal_error", "server_error"),
        };

    private static bool IsFull(Exception? exception) =>
        exception
            is SextantException { Cause: FailureCause.StorageFull }
                or SqliteException { SqliteErrorCode: SqliteFull }
                or IOException { HResult: NoSpace or WindowsNoSpace };

    private ServiceException Plain(int status) =>
        status switch
        {
            400 => ServiceException.BadRequest("The request is malformed."),
            404 => new(404, "Unknown address; see /openapi/v1.json.", null, "unknown_url"),
            405 => new(405, "Method not allowed at this address; see /openapi/v1.json.", null, "method_not_allowed"),
            413 => new(
                413,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The body exceeds the limit of {options.MaxBodyBytes} bytes; send it in parts."
                ),
                null,
                "body_too_large"
            ),
            415 => new(415, "The body must be JSON; send the header Content-Type: application/json.", null, "unsupported_media_type"),
            503 or 504 => new(503, "The request timed out.", null, "timeout", "server_error"),
            _ => new(status, string.Create(CultureInfo.InvariantCulture, $"The request failed with status {status}.")),
        };

    // The framework's own words for a body that cannot be bound name parameters of ours.
    private static string Words(BadHttpRequestException bad) =>
        ParameterRegex.Match(bad.Message) is { Success: true } parameter
            ? $"Invalid value for '{parameter.Groups["name"].Value}': '{parameter.Groups["value"].Value}'."
        : bad.InnerException is null && bad.Message.StartsWith("Unexpected end", StringComparison.Ordinal)
            ? "The body ended before it was complete."
        : bad.Message.Contains("body", StringComparison.OrdinalIgnoreCase) ? "The body is missing or cannot be read."
        : "The request is malformed.";

    private string Local(SextantException exception) => paths.Remove(exception.Message);
}
