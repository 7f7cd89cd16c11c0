using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.AI;

namespace Sextant.Onnx.Tests.Inference;

/// <summary>
/// A second process that embeds batches of varying shapes, and then one huge text, and reports its memory at each stage: this test program,
/// started again with an environment variable and a startup hook.
/// </summary>
internal static class MemoryProcess
{
    /// <summary>How many tokens the giant text has at least; attention over it needs four heads of so many squared numbers.</summary>
    public const int GiantTokens = 4000;

    private const string Variable = "SEXTANT_TEST_MEMORY";

    /// <summary>Runs it to its end with the model in <paramref name="folder"/>.</summary>
    /// <returns>
    /// MiB in memory: after the largest batches, after many of other shapes, at most (in the giant text), and after the giant text.
    /// </returns>
    public static (long Largest, long Many, long Most, long After) Run(string folder)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!)
            {
                Environment = { [Variable] = folder, ["DOTNET_STARTUP_HOOKS"] = typeof(MemoryProcess).Assembly.Location },
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        long[] held =
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => long.Parse(line, CultureInfo.InvariantCulture)),
        ];
        Assert.True(process.ExitCode == 0 && held.Length == 4, $"{process.ExitCode}: {output}");
        return (held[0], held[1], held[2], held[3]);
    }

    /// <summary>Does the work that the environment names, if it names any, and ends the process.</summary>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
        {
            return;
        }

        MeasureAsync(folder).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    private static async Task MeasureAsync(string folder)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await new OnnxModelProvider { Threads = 2 }.OpenAsync(folder);
        for (int i = 0; i < 8; i++)
        {
            // The most that batches need: a text as long as a batch may be, and full batches of shorter ones.
            await model.GenerateAsync([Words(2040), .. Enumerable.Range(0, 16).Select(static _ => Words(510))]);
        }

        Tell("VmRSS:");
        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            int longest = 1 + random.Next(round % 8 == 0 ? 1800 : 300);
            await model.GenerateAsync(Enumerable.Range(0, 1 + random.Next(30)).Select(_ => Words(1 + random.Next(longest))));
        }

        Tell("VmRSS:");
        await model.GenerateAsync([Words(GiantTokens)]);
        Tell("VmHWM:");
        await model.GenerateAsync(["a"]);
        Tell("VmRSS:");
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("on", count));

    private static void Tell(string what)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(what, StringComparison.Ordinal));
        Console.WriteLine(
            long.Parse(line[what.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024
        );
    }
}
