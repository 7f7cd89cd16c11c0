using System.Diagnostics;
using System.Globalization;

namespace Sextant.Benchmarks.Faults.Kills;

/// <summary>
/// Kills a writing process with SIGKILL at random moments, again and again on the same collection. After each kill every acknowledged
/// document is there with its text and vector, an unacknowledged write is there as a whole or not at all, and the next process opens the
/// collection.
/// </summary>
internal static class KillRun
{
    private const int DefaultCount = 100,
        DefaultSeed = 1;

    public static async Task<int> RunAsync(string[] args)
    {
        Arguments arguments = new(args);
        int count = arguments.Number("--count", DefaultCount),
            seed = arguments.Number("--seed", DefaultSeed);
        string[] kinds = (arguments.Text("--kinds") ?? "index,serve,move").Split(',');
        arguments.RefuseOthers();
        string folder = Directory.CreateTempSubdirectory("sextant-kills-").FullName;
        bool isSound = true;
        for (int i = 0; i < kinds.Length; i++)
        {
            IKilled killed = kinds[i] switch
            {
                "index" => new KilledWriter(Path.Combine(folder, "index"), moves: false),
                "move" => new KilledWriter(Path.Combine(folder, "move"), moves: true),
                "serve" => new KilledService(Path.Combine(folder, "serve")),
                string other => throw new InputException($"{other}: no such kind; there are index, serve, move"),
            };
            isSound &= await RunAsync(kinds[i], killed, ((count - i) + kinds.Length - 1) / kinds.Length, seed);
        }

        Directory.Delete(folder, recursive: true);
        return isSound ? 0 : 1;
    }

    private static async Task<bool> RunAsync(string name, IKilled killed, int count, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        List<string> wrong = [];
        Ledger ledger = new();
        for (int round = seed; round < seed + count; round++)
        {
            try
            {
                await killed.KillAsync(round, ledger);
                await killed.CheckAsync(ledger);
            }
            catch (Exception e) when (e is SextantException or InvalidOperationException)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"  seed {round}: {e.Message.ReplaceLineEndings(" ")}"));
                // The next rounds start from the current state.
                killed = killed.StartOver();
                ledger = new();
            }
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {count} kills, {ledger.Acknowledged} writes acknowledged, {ledger.Documents.Count} documents at the end, "
                    + $"{wrong.Count} wrong, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"
            )
        );
        wrong.ForEach(Console.WriteLine);
        return wrong.Count == 0;
    }
}
