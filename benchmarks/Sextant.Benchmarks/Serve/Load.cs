using System.Diagnostics;
using System.Globalization;

namespace Sextant.Benchmarks.Serve;

/// <summary>Many clients, each of which sends its next request as soon as it has a response, for a fixed time.</summary>
internal static class Load
{
    /// <summary>
    /// Has <paramref name="clients"/> call <paramref name="ask"/> with their number and a count, and measures response times.
    /// </summary>
    /// <param name="clients">The number of concurrent clients.</param>
    /// <param name="seconds">The measured time.</param>
    /// <param name="used">Returns the seconds of processor that the measured process has taken.</param>
    /// <param name="ask">Returns whether the response was correct.</param>
    public static async Task<LoadResult> RunAsync(int clients, int seconds, Func<double> used, Func<int, int, Task<bool>> ask)
    {
        double before = used();
        var clock = Stopwatch.StartNew();
        var end = TimeSpan.FromSeconds(seconds);
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
                            if (!await ask(client, i))
                                errors++;
                            times.Add((clock.Elapsed - began).TotalMilliseconds);
                        }

                        return (times, errors);
                    })
                )
        );
        double took = clock.Elapsed.TotalSeconds;
        double[] all = [.. each.SelectMany(one => one.Times).Order()];
        return new(
            all.Length / took,
            all[all.Length / 2],
            all[all.Length * 99 / 100],
            each.Sum(one => one.Errors),
            (used() - before) * 1000 / all.Length
        );
    }
}

/// <summary>
/// What a load showed: answers a second, latencies in milliseconds, how many answers were errors, and milliseconds of processor per answer.
/// </summary>
internal sealed record LoadResult(double Rate, double Median, double P99, int Errors, double Processor)
{
    /// <summary>The medians of several rounds, and the sum of their errors.</summary>
    public static LoadResult Summarize(IReadOnlyList<LoadResult> rounds)
    {
        return new(
            Middle(static one => one.Rate),
            Middle(static one => one.Median),
            Middle(static one => one.P99),
            rounds.Sum(static one => one.Errors),
            Middle(static one => one.Processor)
        );

        double Middle(Func<LoadResult, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Rate, 9:N0}/s  p50 {Median, 7:F2} ms  p99 {P99, 7:F2} ms  {Errors} errors  {Processor:F4} ms of processor"
        );
}
