namespace Sextant.Models.Hub;

/// <summary>
/// Repeats what failed in passing. A download that gets further each time is never given up; one that does not is,
/// after <see cref="MaxFailures"/> failures in a row.
/// </summary>
/// <param name="firstDelay">The longest first wait.</param>
/// <param name="time">Keeps the time; the system's by default.</param>
internal sealed class HubRetry(TimeSpan firstDelay, TimeProvider? time = null)
{
    private const int MaxFailures = 5;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>Runs <paramref name="attempt"/> until it succeeds.</summary>
    /// <param name="attempt">The operation, which may throw <see cref="HubTransientException"/>.</param>
    /// <param name="progress">A number that grows when an attempt was not in vain.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task RunAsync(Func<Task> attempt, Func<long> progress, CancellationToken cancellationToken)
    {
        Backoff backoff = new(firstDelay, LongestWait, time);
        long before = progress();
        for (int failures = 0; ; )
        {
            try
            {
                await attempt().ConfigureAwait(false);
                return;
            }
            catch (HubTransientException e)
            {
                long now = progress();
                failures = now > before ? 1 : failures + 1;
                before = now;
                TimeSpan wait = e.After is { } asked && asked > TimeSpan.Zero ? asked : backoff.After(failures);
                if (failures >= MaxFailures || wait > LongestWait)
                {
                    throw;
                }

                await backoff.WaitAsync(wait, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The same for something that gives a result.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        T result = default!;
        await RunAsync(async () => result = await attempt().ConfigureAwait(false), static () => 0, cancellationToken).ConfigureAwait(false);
        return result;
    }
}
