using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace Sextant.Hosted.Http;

/// <summary>
/// Delays requests to stay under the service's limits on requests and tokens per minute, from its
/// <c>x-ratelimit-{limit,remaining,reset}-{requests,tokens}</c> headers or the user's settings; and delays all requests while the service
/// has asked one to wait. Thread-safe.
/// </summary>
internal sealed class RateGate(HostedModelOptions options, ILogger logger, string name)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private readonly TimeProvider _time = options.TimeProvider;
    private readonly Lock _lock = new();
    private readonly RateBudget _requests = new(options.TimeProvider, options.RequestsPerMinute);
    private readonly RateBudget _tokens = new(options.TimeProvider, options.TokensPerMinute);
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    /// <summary>Waits until a request of <paramref name="tokens"/> may go; dispose what comes back when it has ended.</summary>
    public async Task<IDisposable> EnterAsync(long tokens, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                wait = Max(_requests.WaitFor(1), _tokens.WaitFor(tokens));
                if (wait <= TimeSpan.Zero)
                {
                    _requests.Take(1);
                    _tokens.Take(tokens);
                    return new Permit(this, tokens);
                }
            }

            logger.LogInformation("{Model}: waiting {Seconds:0.0} s for the service's rate limit", name, wait.TotalSeconds);
            await Task.Delay(Max(wait, TimeSpan.FromMilliseconds(1)), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits while the service has asked for a pause.</summary>
    public async Task WaitForPauseAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                wait = _pausedUntil - _time.GetUtcNow();
            }

            if (wait <= TimeSpan.Zero)
            {
                return;
            }

            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing is sent for this long.</summary>
    public void Pause(TimeSpan wait)
    {
        lock (_lock)
        {
            DateTimeOffset until = _time.GetUtcNow() + wait;
            _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        }
    }

    /// <summary>Follows the headers of an answer.</summary>
    public void Observe(HttpResponseHeaders headers)
    {
        lock (_lock)
        {
            Observe(_requests, headers, "requests");
            Observe(_tokens, headers, "tokens");
        }
    }

    private static void Observe(RateBudget budget, HttpResponseHeaders headers, string what)
    {
        if (
            ServiceAnswer.Number(headers, $"x-ratelimit-limit-{what}") is { } limit
            && ServiceAnswer.Number(headers, $"x-ratelimit-remaining-{what}") is { } remaining
        )
        {
            TimeSpan? reset = headers.TryGetValues($"x-ratelimit-reset-{what}", out IEnumerable<string>? values)
                ? Duration(values.FirstOrDefault())
                : null;
            budget.Observe(limit, remaining, reset);
        }
    }

    /// <summary>Reads Go's durations: <c>1s</c>, <c>6m0s</c>, <c>120ms</c>, <c>1h2m3.5s</c>; a bare number is seconds.</summary>
    internal static TimeSpan? Duration(string? text)
    {
        double seconds = 0;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return null;
        }

        while (!rest.IsEmpty)
        {
            int end = rest.IndexOfAnyExcept(Digits);
            ReadOnlySpan<char> digits = end < 0 ? rest : rest[..end];
            if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
            {
                return null;
            }

            rest = end < 0 ? [] : rest[end..];
            int unit = rest.IndexOfAny(Digits);
            ReadOnlySpan<char> name = unit < 0 ? rest : rest[..unit];
            rest = unit < 0 ? [] : rest[unit..];
            double scale = name switch
            {
                "" or "s" => 1,
                "h" => 3600,
                "m" => 60,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                _ => double.NaN,
            };
            seconds += value * scale;
        }

        return seconds is >= 0 and < 1e8 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Permit(RateGate gate, long tokens) : IDisposable
    {
        public void Dispose()
        {
            lock (gate._lock)
            {
                gate._requests.Settle(1);
                gate._tokens.Settle(tokens);
            }
        }
    }
}
