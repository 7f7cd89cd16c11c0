using System.Diagnostics;
using System.Globalization;

namespace Sextant.Benchmarks.Serve;

/// <summary>Many clients, each of which sends its next request as soon as it has a response, for a fixed time, after a warm-up.</summary>
internal static class Load
{
    /// <summary>
    /// Has <paramref name="clients"/> call <paramref name="ask"/> with their number and a count, and measures response times.
    /// </summary>
    /// <param name="clients">The number of concurrent clients.</param>
    /// <param name="warmUp">The warm-up time.</param>
    /// <param name="seconds">The measured time.</param>
    /// <param name="ask">Returns whether the response was correct.</param>
    public static async Task<LoadResult> RunAsync(int clients, TimeSpan warmUp, int seconds, Func<int, int, Task<bool>> ask)
    {
        var clock = Stopwatch.StartNew();
        TimeSpan end = warmUp + TimeSpan.FromSeconds(seconds);
        (List<double> Times, int Errors)[] each = await Task.WhenAll(
            Enumerable
                .Range(0, clients)
                .Select(client =>
                    Task.Run(async () =>
                    {
                        List<double> times = [];
                        int errors = 0;
                        for (int i = 0; clock.Elapsed < end; i++)
                        {
                            TimeSpan began = clock.Elapsed;
                            bool good = await ask(client, i);
                            if (began < warmUp)
                                continue;
                            times.Add((clock.Elapsed - began).TotalMilliseconds);
                            if (!good)
                                errors++;
                        }

                        return (times, errors);
                    })
                )
        );
        double[] all = [.. each.SelectMany(one => one.Times).Order()];
        return new(
            all.Length / (clock.Elapsed - warmUp).TotalSeconds,
            all[all.Length / 2],
            all[all.Length * 99 / 100],
            each.Sum(one => one.Errors)
        );
    }
}

/// <summary>What a load showed: answers a second, latencies in milliseconds, and how many answers were errors.</summary>
internal sealed record LoadResult(double Rate, double Median, double P99, int Errors)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Rate, 9:N0}/s  p50 {Median, 7:F2} ms  p99 {P99, 7:F2} ms  {Errors} errors");
}
