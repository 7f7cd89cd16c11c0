using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Sextant.Hosted.Http;

/// <summary>
/// Decides which failures to retry, and when: transient ones (408, 409, 429, 5xx, a broken or a late response), after the delay that the
/// service asks for, otherwise after half a second, then doubling up to eight seconds, minus a random jitter of up to a quarter. Permanent
/// failures are never retried: other 4xx, an exhausted quota.
/// </summary>
internal static class RetryRules
{
    private const double FirstDelay = 0.5,
        MaxDelay = 8,
        Jitter = 0.25;

    // A server that is not listening rarely starts within seconds, so an early error helps the user more.
    private const int MaxUnreachable = 2;

    /// <summary>A service that asks for more than this is better asked again by the user.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(120);

    /// <summary>The whole policy around one request: attempts, each with a time limit.</summary>
    public static ResiliencePipeline<HttpResponseMessage> Build(
        HostedModelOptions options,
        TimeSpan timeout,
        RateGate gate,
        ILogger logger,
        string name
    )
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = options.TimeProvider };
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(
                new RetryStrategyOptions<HttpResponseMessage>
                {
                    MaxRetryAttempts = options.MaxRetries,
                    ShouldHandle = async arguments =>
                        arguments.Outcome.Result is { } response
                            ? await PassesAsync(response, options.TimeProvider).ConfigureAwait(arguments.Context.ContinueOnCapturedContext)
                            : Passes(arguments.Outcome.Exception, arguments.AttemptNumber),
                    DelayGenerator = arguments =>
                    {
                        TimeSpan? asked = arguments.Outcome.Result is { } response
                            ? ServiceAnswer.RetryAfter(response, options.TimeProvider)
                            : null;
                        if (asked is { } pause && arguments.Outcome.Result!.StatusCode == HttpStatusCode.TooManyRequests)
                        {
                            gate.Pause(pause);
                        }

                        return new(asked ?? Backoff(arguments.AttemptNumber));
                    },
                    OnRetry = arguments =>
                    {
                        logger.LogInformation(
                            "{Model}: {Reason}; retrying in {Seconds:0.0} s (attempt {Attempt} of {Attempts})",
                            name,
                            Describe(arguments.Outcome),
                            arguments.RetryDelay.TotalSeconds,
                            arguments.AttemptNumber + 2,
                            options.MaxRetries + 1
                        );
                        return default;
                    },
                }
            );
        }

        return builder.AddTimeout(new TimeoutStrategyOptions { Timeout = timeout }).Build();
    }

    /// <summary>Whether the service will not answer before money is paid or a month is over.</summary>
    public static bool IsExhausted(string body) =>
        body.Contains("insufficient_quota", StringComparison.OrdinalIgnoreCase)
        || body.Contains("exceeded your current quota", StringComparison.OrdinalIgnoreCase)
        || body.Contains("calls / month", StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<bool> PassesAsync(HttpResponseMessage response, TimeProvider time)
    {
        if (response.IsSuccessStatusCode || ServiceAnswer.RetryAfter(response, time) > LongestWait)
        {
            return false;
        }

        if (
            response.StatusCode == HttpStatusCode.TooManyRequests
            && IsExhausted(await response.Content.ReadAsStringAsync().ConfigureAwait(false))
        )
        {
            return false;
        }

        if (
            response.Headers.TryGetValues("x-should-retry", out IEnumerable<string>? said)
            && bool.TryParse(said.FirstOrDefault(), out bool should)
        )
        {
            return should;
        }

        return response.StatusCode
            is HttpStatusCode.RequestTimeout
                or HttpStatusCode.Conflict
                or HttpStatusCode.TooManyRequests
                or >= HttpStatusCode.InternalServerError;
    }

    private static bool Passes(Exception? exception, int attempt) =>
        exception switch
        {
            TimeoutRejectedException => true,
            HttpRequestException http when IsUnreachable(http) => attempt < MaxUnreachable,
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => false,
            // A login page or the page of another server comes again.
            HttpRequestException { InnerException: InvalidDataException } => false,
            HttpRequestException or IOException => true,
            _ => false,
        };

    private static bool IsUnreachable(HttpRequestException exception) =>
        exception.InnerException is SocketException
        || exception.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError;

    private static TimeSpan Backoff(int attempt) =>
#pragma warning disable CA5394 // Spreading callers over time needs no secrecy.
        TimeSpan.FromSeconds(Math.Min(FirstDelay * Math.Pow(2, attempt), MaxDelay) * (1 - (Jitter * Random.Shared.NextDouble())));
#pragma warning restore CA5394

    private static string Describe(Outcome<HttpResponseMessage> outcome) =>
        outcome switch
        {
            { Result: { } response } => $"{(int)response.StatusCode} {response.ReasonPhrase}".Trim(),
            { Exception: TimeoutRejectedException } => "timed out",
            { Exception: { } exception } => exception.Message,
            _ => "failed",
        };
}
