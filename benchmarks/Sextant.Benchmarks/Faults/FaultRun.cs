using System.Diagnostics;
using System.Globalization;

namespace Sextant.Benchmarks.Faults;

/// <summary>
/// Tests many inputs of several kinds, each kind in a separate process, and prints a line for each kind and each failure.
/// </summary>
internal static class FaultRun
{
    private const int DefaultSeed = 1;

    /// <summary>A process that begins no other input for this long hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Damaged files: <c>--count</c> of each kind.</summary>
    public static Task<int> DamagesAsync(string[] args) => RunAsync(args, FaultKinds.Damages, static (count, _) => count, 1000);

    /// <summary>Mutated inputs: <c>--count</c> in all, divided among the kinds.</summary>
    public static Task<int> FuzzAsync(string[] args) =>
        RunAsync(args, FaultKinds.Fuzzed, static (count, kinds) => (count + kinds - 1) / kinds, 100_000);

    private static async Task<int> RunAsync(string[] args, IReadOnlyList<FaultKind> all, Func<int, int, int> share, int defaultCount)
    {
        Arguments arguments = new(args);
        int count = arguments.Number("--count", defaultCount),
            seed = arguments.Number("--seed", DefaultSeed);
        string[]? names = arguments.Text("--kinds")?.Split(',');
        arguments.RefuseOthers();
        if (names?.FirstOrDefault(name => all.All(kind => kind.Name != name)) is { } unknown)
            throw new InputException($"{unknown}: no such kind; there are {string.Join(", ", all.Select(kind => kind.Name))}");
        string[] kinds = [.. all.Select(kind => kind.Name).Where(name => names is null || names.Contains(name))];
        bool isSound = true;
        foreach (string kind in kinds)
            isSound &= await RunAsync(kind, seed, share(count, kinds.Length));
        return isSound ? 0 : 1;
    }

    private static async Task<bool> RunAsync(string kind, int seed, int count)
    {
        string folder = Directory.CreateTempSubdirectory("sextant-faults-").FullName;
        string file = Path.Combine(folder, "progress");
        List<string> wrong = [];
        long start = Stopwatch.GetTimestamp();
        using (FaultProgress progress = new(file))
        {
            for (int round = 0, first = 0; first < count; round++, first = (int)progress.Begun)
            {
                if (
                    await OnceAsync([kind, $"{seed}", $"{count}", $"{first}", Path.Combine(folder, $"{round}"), file], progress, wrong)
                    is not { } end
                )
                {
                    break;
                }

                if (progress.Begun == first)
                    throw new SextantException($"{kind}: the process ended before its first input: {end}");
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{seed + progress.Begun - 1}\t{end}"));
            }

            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind}: {progress.Begun} tried, {progress.Sound} right, {progress.Refused} refused, {wrong.Count} wrong, "
                        + $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"
                )
            );
        }

        foreach (string line in wrong)
            Console.WriteLine($"  seed {line.Replace("\t", ": ", StringComparison.Ordinal)}");
        Directory.Delete(folder, recursive: true);
        return wrong.Count == 0;
    }

    // How the process ended, unless it did all it had to do.
    private static async Task<string?> OnceAsync(string[] task, FaultProgress progress, List<string> wrong)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [FaultProcess.Verb, .. task])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                wrong.Add(line);
        });
        bool isHanging = false;
        for (long begun = -1; !isHanging && await Task.WhenAny(reading, Task.Delay(Patience)) != reading; begun = progress.Begun)
        {
            if (isHanging = begun == progress.Begun)
                process.Kill();
        }

        await reading;
        await process.WaitForExitAsync();
        if (isHanging)
            return "it never ends";
        return process.ExitCode == 0
            ? null
            : $"the process ended with {process.ExitCode}: {string.Join(' ', (await errors).Split('\n').Take(3))}";
    }
}
