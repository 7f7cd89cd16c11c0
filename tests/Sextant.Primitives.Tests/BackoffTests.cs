namespace Sextant.Primitives.Tests;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(5, 1600)]
    [InlineData(6, 3000)]
    [InlineData(1000, 3000)]
    public void Delay_doubles_up_to_the_maximum_with_jitter_of_up_to_half(int failures, double longest)
    {
        Backoff backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3));
        for (int i = 0; i < 100; i++)
            Assert.InRange(backoff.After(failures).TotalMilliseconds, longest / 2, longest);
    }

    [Fact]
    public void Delays_use_the_given_clock()
    {
        Clock clock = new();
        Backoff backoff = new(TimeSpan.FromDays(1), TimeSpan.FromDays(2), clock);
        Task waiting = backoff.WaitAsync(TimeSpan.FromDays(1), TestContext.Current.CancellationToken);
        clock.Now += TimeSpan.FromDays(1).Ticks;

        Assert.Equal(TimeSpan.FromDays(1), backoff.Elapsed);
        Assert.False(waiting.IsCompleted);
        clock.Fire!(null);
        Assert.True(waiting.IsCompleted);
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public TimerCallback? Fire { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Fire = _ => callback(state);
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
