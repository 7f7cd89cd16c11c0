namespace Sextant;

/// <summary>
/// How long to wait between attempts: twice as long each time, up to a limit, and shortened at random, so that callers who failed together
/// do not come back together.
/// </summary>
/// <param name="first">The longest first wait.</param>
/// <param name="longest">The longest wait of all.</param>
/// <param name="time">Keeps the time; the system's by default.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, TimeProvider? time = null)
{
    /// <summary>The share of a wait that chance may take away.</summary>
    private const double Jitter = 0.5;

    /// <summary>Beyond this many doublings every wait is the longest.</summary>
    private const int MaxDoublings = 30;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly long _began = (time ?? TimeProvider.System).GetTimestamp();

    /// <summary>The time since it was made.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_began);

    /// <summary>The wait after so many failures in a row.</summary>
    /// <param name="failures">1 or more.</param>
    public TimeSpan After(int failures)
    {
        TimeSpan wait = first * (1L << Math.Min(failures - 1, MaxDoublings));
#pragma warning disable CA5394 // Spreading callers over time needs no secrecy.
        return (wait < longest ? wait : longest) * (1 - (Jitter * Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }

    /// <summary>Waits.</summary>
    public Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken) => Task.Delay(wait, _time, cancellationToken);
}
