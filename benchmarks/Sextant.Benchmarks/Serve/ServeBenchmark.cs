using System.Diagnostics;
using System.Globalization;

namespace Sextant.Benchmarks.Serve;

/// <summary>
/// <c>serve [--texts FILE] [--count 100000] [--clients 64] [--seconds 2] [--rounds 5] [--warmup 3] [--cores 0]
/// [--start-only]</c>: many clients search a
/// collection while one writes to it, and texts are embedded, in process and over HTTP in turns.
/// </summary>
internal static class ServeBenchmark
{
    private const int Seconds = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        Arguments given = new(args);
        var work = Work.Parse(given);
        int seconds = given.Number("--seconds", 2),
            rounds = given.Number("--rounds", 5),
            warmUp = given.Number("--warmup", 3);
        string? cores = given.Text("--cores");
        bool isStartOnly = given.Flag("--start-only");
        given.RefuseOthers();
        string folder = Directory.CreateTempSubdirectory("sextant-bench-").FullName;
        try
        {
            string engineFolder = await FillAsync(Path.Combine(folder, "engine", Work.Name), work.Texts);
            string served = Path.Combine(folder, "service"),
                other = Path.Combine(folder, "other");
            Copy(engineFolder, Path.Combine(served, Work.Name));
            Copy(engineFolder, Path.Combine(other, Work.Name));
            if (isStartOnly)
            {
                await SayFirstSecondAsync(other, cores, work, null);
                return 0;
            }

            using var engine = EngineProcess.Start(engineFolder, cores, WorkOf(args));
            using var service = ServedProcess.Start(served, cores);
            using ServiceLoad http = await ServiceLoad.OpenAsync(service, work);
            await service.WaitUntilReadyAsync();
            (string Name, Func<int, Task<LoadResult>> Run, int? Whole)[] contenders =
            [
                ("search, in process", engine.SearchAsync, null),
                ("search, over HTTP", http.SearchAsync, 0),
                ("embed, in process", engine.EmbedAsync, null),
                ("embed, base64 over HTTP", time => http.EmbedAsync(time, "base64"), 2),
                ("embed, numbers over HTTP", time => http.EmbedAsync(time, "float"), 3),
                ("nothing, over HTTP", http.PingAsync, null),
            ];
            foreach ((_, Func<int, Task<LoadResult>> run, _) in contenders)
                await run(warmUp);
            List<LoadResult>[] results = [.. contenders.Select(static _ => new List<LoadResult>())];
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < contenders.Length; i++)
                    results[i].Add(await contenders[i].Run(seconds));
            }

            LoadResult[] all = [.. results.Select(LoadResult.Summarize)];
            for (int i = 0; i < all.Length; i++)
                Say(contenders[i].Name, all[i], contenders[i].Whole is { } whole ? all[whole] : null);
            await SayFirstSecondAsync(other, cores, work, all[1]);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A service that has just become ready.
    private static async Task SayFirstSecondAsync(string folder, string? cores, Work work, LoadResult? whole)
    {
        using var service = ServedProcess.Start(folder, cores);
        using ServiceLoad http = await ServiceLoad.OpenAsync(service, work);
        var clock = Stopwatch.StartNew();
        await service.WaitUntilReadyAsync();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"ready after {clock.Elapsed.TotalSeconds:F1} s")
                + string.Create(CultureInfo.InvariantCulture, $", {service.Used:F1} s of processor")
        );
        for (int second = 1; second <= Seconds; second++)
            Say(string.Create(CultureInfo.InvariantCulture, $"search, second {second}"), await http.SearchAsync(1), whole);
    }

    private static async Task<string> FillAsync(string path, string[] texts)
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.CreateAsync(
            path,
            new() { Pipeline = new() { UseCache = false } }
        );
        foreach (string[] batch in texts.Chunk(5000))
            await engine.AddDocumentsAsync(batch.Select(text => new Document(text)));
        return path;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static IEnumerable<string> WorkOf(string[] args)
    {
        for (int i = 0; i + 1 < args.Length; i++)
        {
            if (args[i] is "--texts" or "--count" or "--clients")
            {
                yield return args[i];
                yield return args[i + 1];
            }
        }
    }

    private static void Say(string what, LoadResult result, LoadResult? whole)
    {
        string share = whole is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"  {100 * result.Rate / whole.Rate:F0} %, {100 * whole.Processor / result.Processor:F0} % by processor"
            );
        Console.WriteLine($"{what, -26} {result}{share}");
    }
}
