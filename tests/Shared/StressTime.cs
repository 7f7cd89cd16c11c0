using System.Globalization;

namespace Sextant.Tests.Shared;

/// <summary>The duration of the stress tests; CONTRIBUTING.md describes how to extend it.</summary>
internal static class StressTime
{
    private const string Variable = "SEXTANT_STRESS_SECONDS";
    private const double ByDefault = 5;

    /// <summary>What a stuck run gets on top before it is taken for one that will never end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TimeSpan Span { get; } =
        TimeSpan.FromSeconds(
            double.TryParse(
                Environment.GetEnvironmentVariable(Variable),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out double seconds
            )
                ? seconds
                : ByDefault
        );

    /// <summary>Runs all of <paramref name="work"/> until the time is over; work that hangs after that fails the test.</summary>
    public static async Task RunAsync(IEnumerable<Func<CancellationToken, Task>> work)
    {
        using CancellationTokenSource over = new();
        // On separate threads: busy loops would leave no pool thread for the timer that ends them.
        var all = Task.WhenAll(
            work.Select(each =>
                Task.Factory.StartNew(
                        () => each(over.Token),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                    .Unwrap()
            )
        );
        // One that fails ends the run at once.
        await Task.WhenAny(all, Task.Delay(Span, CancellationToken.None));
        await over.CancelAsync();
        // From now on, so that a machine that was stopped for a while does not look like a run that is stuck.
        await all.WaitAsync(Patience, CancellationToken.None);
    }
}
