using Microsoft.Extensions.Time.Testing;

namespace Sextant.Hosted.Tests;

/// <summary>
/// False time that knows what was waited for: the sum of the times of all timers that came due. How far the clock was moved while a real
/// request was on its way says nothing about that.
/// </summary>
internal sealed class RecordedTime : FakeTimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Timer> _pending = [];
    private TimeSpan _waited;

    /// <summary>What was waited for since it was made.</summary>
    public TimeSpan Waited
    {
        get
        {
            lock (_lock) return _waited;
        }
    }

    /// <summary>Whether anything waits for a time to come.</summary>
    public bool IsWaitedFor
    {
        get
        {
            lock (_lock) return _pending.Count > 0;
        }
    }

    /// <summary>Moves time on until <paramref name="work"/> is done, a little whenever nothing happens.</summary>
    /// <param name="work">What waits.</param>
    /// <param name="requests">How many requests the other side has seen.</param>
    /// <returns>What was waited for.</returns>
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
                if (dueTime == Timeout.InfiniteTimeSpan) time._pending.Remove(this);
                else time._pending.Add(this);
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
            lock (time._lock) time._pending.Remove(this);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
