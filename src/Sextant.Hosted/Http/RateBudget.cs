namespace Sextant.Hosted.Http;

/// <summary>
/// What may still be used of a limit a minute. It refills steadily, as the services' own buckets do. Without a limit it never waits.
/// Not thread-safe: <see cref="RateGate"/> locks.
/// </summary>
internal sealed class RateBudget(TimeProvider time, int? perMinute)
{
    private double _capacity = perMinute ?? double.PositiveInfinity;
    private double _available = perMinute ?? double.PositiveInfinity;
    private double _perSecond = (perMinute ?? double.PositiveInfinity) / 60;
    private double _outstanding;
    private long _stamp = time.GetTimestamp();

    /// <summary>
    /// How long until <paramref name="amount"/> may be taken; a request larger than the whole limit waits for a full bucket.
    /// </summary>
    public TimeSpan WaitFor(double amount)
    {
        Refill();
        double missing = Math.Min(amount, _capacity) - _available;
        return missing <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(missing / _perSecond, 3600));
    }

    public void Take(double amount)
    {
        _available -= amount;
        _outstanding += amount;
    }

    /// <summary>A request that took <paramref name="amount"/> has ended.</summary>
    public void Settle(double amount) => _outstanding -= amount;

    /// <summary>
    /// Updates the budget from the service's report: its limit, the remaining amount, and the time until it is full again.
    /// </summary>
    public void Observe(double limit, double remaining, TimeSpan? untilWhole)
    {
        Refill();
        _capacity = Math.Max(1, Math.Min(limit, perMinute ?? double.PositiveInfinity));
        _perSecond = _capacity / 60;
        if (untilWhole is { } whole && whole > TimeSpan.Zero && limit > remaining)
        {
            double said = (limit - remaining) / whole.TotalSeconds;
            _perSecond = perMinute is { } own ? Math.Min(said, own / 60d) : said;
        }

        // Requests under way are not in the service's count yet.
        _available = Math.Min(Math.Min(_available, _capacity), remaining - _outstanding);
    }

    private void Refill()
    {
        long now = time.GetTimestamp();
        double seconds = time.GetElapsedTime(_stamp, now).TotalSeconds;
        _stamp = now;
        if (!double.IsInfinity(_capacity))
        {
            _available = Math.Min(_capacity, _available + (seconds * _perSecond));
        }
    }
}
