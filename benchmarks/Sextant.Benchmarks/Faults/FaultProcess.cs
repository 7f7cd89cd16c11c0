using System.Diagnostics;
using System.Globalization;

namespace Sextant.Benchmarks.Faults;

/// <summary>Tests the inputs of one kind in a separate process. Prints a line for each failure.</summary>
internal static class FaultProcess
{
    public const string Verb = "fault-process";

    /// <summary>An input hangs that twice takes more processor time than this, or waits longer than that.</summary>
    private static readonly TimeSpan MostWork = TimeSpan.FromSeconds(2),
        MostWaiting = TimeSpan.FromSeconds(10);

    /// <param name="args">
    /// The kind, the first seed, how many inputs, the first of them to try, the folder, and the file of the progress.
    /// </param>
    public static async Task<int> RunAsync(string[] args)
    {
        FaultKind kind = FaultKinds.All.Single(one => one.Name == args[0]);
        int seed = Number(args[1]),
            count = Number(args[2]),
            first = Number(args[3]);
        string folder = args[4];
        Directory.CreateDirectory(folder);
        using FaultProgress progress = new(args[5]);
        await kind.PrepareAsync(folder);
        for (int i = first; i < count; i++)
        {
            progress.Begun = i + 1;
            FaultOutcome outcome = await TryAsync(kind, seed + i);
            if (outcome.Wrong is { } wrong)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seed + i}\t{OnOneLine(wrong)}"));
            else if (outcome.IsRefused)
                progress.Refused++;
            else
                progress.Sound++;
        }

        await kind.CloseAsync();
        return 0;
    }

    private static async Task<FaultOutcome> TryAsync(FaultKind kind, int seed)
    {
        for (bool again = false; ; again = true)
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            FaultOutcome outcome = await OnceAsync(kind, seed);
            TimeSpan took = Stopwatch.GetElapsedTime(start),
                worked = Environment.CpuUsage.TotalTime - before;
            if ((worked <= MostWork && took <= MostWaiting) || outcome.Wrong is not null)
                return outcome;
            // The first inputs of a process wait for the compiler.
            if (again)
            {
                return FaultOutcome.Failed(
                    string.Create(CultureInfo.InvariantCulture, $"took {took.TotalSeconds:F1} s, {worked.TotalSeconds:F1} s of a processor")
                );
            }
        }
    }

    private static async Task<FaultOutcome> OnceAsync(FaultKind kind, int seed)
    {
        try
        {
            return await kind.TryAsync(seed);
        }
        catch (SextantException e)
        {
            return string.IsNullOrWhiteSpace(e.Message) || e.Message.Contains('\n', StringComparison.Ordinal)
                ? FaultOutcome.Failed($"the error is not one line: {e.Message}")
                : FaultOutcome.Refused;
        }
#pragma warning disable CA1031 // Any other exception is a failure.
        catch (Exception e)
        {
            return FaultOutcome.Failed($"{e.GetType().Name}: {e.Message} {string.Join(" < ", Frames(e))}");
        }
#pragma warning restore CA1031
    }

    private static IEnumerable<string> Frames(Exception e) =>
        (e.StackTrace ?? "")
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('(')[0].Replace("at ", "", StringComparison.Ordinal))
            .Take(8);

    private static string OnOneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
