using Microsoft.Extensions.Logging;

namespace Sextant.Hosted;

/// <summary>How hosted models are reached.</summary>
public sealed record HostedModelOptions
{
    /// <summary>
    /// Whether to send no requests. Models with known facts still open, without a key, and cached vectors are returned; anything that needs
    /// a request throws <see cref="InputException"/>.
    /// </summary>
    public bool Offline { get; init; }

    /// <summary>
    /// Whether models are opened only to count what texts would cost: no key is asked for, nothing is sent, and a model whose
    /// vector length is known only to its server opens with a length of 1.
    /// </summary>
    public bool CountOnly { get; init; }

    /// <summary>How often a request that failed in passing is sent again.</summary>
    /// <value>5.</value>
    public int MaxRetries { get; init; } = 5;

    /// <summary>
    /// The timeout of one attempt, or <see langword="null"/> for the provider's default: 100 s, or 600 s for a self-hosted server.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The most requests a minute; <see langword="null"/> follows what the service's headers say.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a minute; <see langword="null"/> follows what the service's headers say.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>How many requests are under way at once; <see langword="null"/> is the provider's own, from 1 to 6.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Accumulates the usage of all models opened with these options.</summary>
    public UsageMeter? Usage { get; init; }

    /// <summary>Where requests, retries and waits are reported; nowhere when <see langword="null"/>.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock for waits and rates.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Returns keys and addresses by the name of their variable.</summary>
    /// <value><see cref="System.Environment.GetEnvironmentVariable(string)"/>.</value>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}
