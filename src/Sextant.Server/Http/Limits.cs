using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sextant.Server.Api;
using Sextant.Server.Keys;

namespace Sextant.Server.Http;

/// <summary>How much of the service one request, one client, and all of them together may take.</summary>
internal static class Limits
{
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    public static void Apply(KestrelServerLimits kestrel, ServerOptions options)
    {
        kestrel.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.RequestHeadersTimeout = HeadersTimeout;
        // A body or a reader slower than 240 bytes a second is cut off after five seconds; these are the server's own defaults.
    }

    public static void Apply(RateLimiterOptions limiter, ServerOptions options)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        PartitionedRateLimiter<HttpContext> together = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            IsFree(context)
                ? RateLimitPartition.GetNoLimiter("free")
                : RateLimitPartition.GetConcurrencyLimiter(
                    "all",
                    _ =>
                        new()
                        {
                            PermitLimit = options.MaxConcurrency,
                            QueueLimit = options.MaxConcurrency * 2,
                            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                        }
                )
        );
        PartitionedRateLimiter<HttpContext> each = PartitionedRateLimiter.Create<HttpContext, ClientRate>(context =>
        {
            int rate = IsFree(context) ? 0 : Caller.Of(context)?.RequestsPerSecond ?? options.RequestsPerSecond;
            return rate <= 0
                ? RateLimitPartition.GetNoLimiter(new ClientRate("free", 0))
                // A key whose limit was changed begins with a new bucket.
                : RateLimitPartition.GetTokenBucketLimiter(
                    new ClientRate(Caller.ClientOf(context), rate),
                    static client =>
                        new()
                        {
                            TokenLimit = client.Rate * 2,
                            TokensPerPeriod = Math.Max(1, client.Rate / 10),
                            ReplenishmentPeriod = TimeSpan.FromSeconds(client.Rate < 10 ? 1d / client.Rate : 0.1),
                            QueueLimit = 0,
                        }
                );
        });
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(each, together);
        limiter.OnRejected = static async (rejected, _) =>
        {
            TimeSpan wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan told) ? told : TimeSpan.FromSeconds(1);
            int seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await ErrorHandling.WriteAsync(
                rejected.HttpContext,
                new(
                    429,
                    string.Create(CultureInfo.InvariantCulture, $"Too many requests; try again in {seconds} s."),
                    null,
                    "rate_limit_exceeded",
                    "rate_limit_error"
                )
            );
        };
    }

    public static void Apply(RequestTimeoutOptions timeouts, ServerOptions options)
    {
        timeouts.DefaultPolicy = new()
        {
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
        };
        timeouts.AddPolicy(
            RouteConventions.LongTimeout,
            new RequestTimeoutPolicy
            {
                Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds * 10d),
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            }
        );
    }

    // Health is asked by what decides whether the service lives.
    private static bool IsFree(HttpContext context) => context.Request.Path.Value is "/healthz" or "/readyz";

    private readonly record struct ClientRate(string Client, int Rate);
}
