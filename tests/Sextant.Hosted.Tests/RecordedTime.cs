using Microsoft.Extensions.Time.Testing;

namespace Sextant.Hosted.Tests;

/// <summary>
/// A fake clock that records waiting time: the sum of the times of all timers that fired. The clock's movement during a real request is
/// unrelated to that.
/// </summary>
internal sealed class RecordedTime : FakeTimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Timer> _pending = [];
    private TimeSpan _waited;

    /// <summary>The total waiting time since its creation.</summary>
    public TimeSpan Waited
    {
        get
        {
            lock (_lock)
                return _waited;
        }
    }

    /// <summary>Whether anything waits for a time to come.</summary>
    public bool IsWaitedFor
    {
        get
        {
            lock (_lock)
                return _pending.Count > 0;
        }
    }

    /// <summary>Advances time in small steps until <paramref name="work"/> is done.</summary>
    /// <param name="work">The waiting task.</param>
    /// <param name="requests">Returns the number of requests that the service has seen.</param>
    /// <returns>The waiting time.</returns>
    public async Task<TimeSpan> WaitedAsync(Task work, Func<int> requests)
    {
        TimeSpan before = Waited;
        int seen = -1;
        while (!work.IsCompleted)
        {
            // Real time only lets the other side run; what it shows is false time.
            await Task.WhenAny(work, Task.Delay(15, TestContext.Current.CancellationToken));
            if (IsWaitedFor && seen == requests())
                Advance(TimeSpan.FromSeconds(0.25));
            seen = requests();
        }

        await work;
        return Waited - before;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        timer.Inner = base.CreateTimer(static fired => ((Timer)fired!).Fire(), timer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(RecordedTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _due;

        public ITimer Inner { get; set; } = null!;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                _due = dueTime;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    time._pending.Remove(this);
                else
                    time._pending.Add(this);
            }

            return Inner.Change(dueTime, period);
        }

        public void Fire()
        {
            lock (time._lock)
            {
                time._pending.Remove(this);
                time._waited += _due;
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (time._lock)
                time._pending.Remove(this);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
