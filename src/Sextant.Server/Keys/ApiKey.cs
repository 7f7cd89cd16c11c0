namespace Sextant.Server.Keys;

/// <summary>An API key of an <see cref="ApiKeyFile"/>, without its secret.</summary>
/// <param name="Name">The name that logs, limits and usage show.</param>
/// <param name="Grants">What it may do.</param>
public sealed record ApiKey(string Name, IReadOnlyList<KeyGrant> Grants)
{
    /// <summary>The average number of requests per second; <see langword="null"/> for the limit of the service.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>
    /// US dollars for hosted models per day (UTC); <see langword="null"/> for no limit. The request that reaches it completes.
    /// </summary>
    public decimal? UsdPerDay { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; init; }
}
