using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sextant.Benchmarks.Static;
using Sextant.Models;
using Sextant.Search;
using Sextant.Sources;

namespace Sextant.Benchmarks.Collections;

/// <summary>
/// <c>collections [--model NAME] [--texts FILE] [--count 100000]</c>: short texts from a .jsonl file into a collection, as
/// <c>sextant index</c> does it; the same again with nothing changed; opening; and searches of each kind, one after another.
/// </summary>
internal static class CollectionBenchmark
{
    private const int Searches = 1000;

    public static async Task<int> RunAsync(string[] args)
    {
        using SyntheticModel synthetic = new();
        int count = int.Parse(Option(args, "--count") ?? "100000", CultureInfo.InvariantCulture);
        string[] texts = Option(args, "--texts") is { } file ? [.. File.ReadLines(file).Take(count)] : SyntheticModel.Sentences(count);
        string folder = Directory.CreateTempSubdirectory("sextant-bench-").FullName;
        SemanticSearchEngineOptions options = new()
        {
            Model = Option(args, "--model") ?? (HasBuiltIn() ? StaticModelProvider.BuiltInModel : synthetic.Write()),
            Pipeline = new() { CacheDirectory = Path.Combine(folder, "cache") },
        };
        try
        {
            string source = Path.Combine(folder, "texts.jsonl"),
                collection = Path.Combine(folder, "bench.sextant");
            File.WriteAllLines(
                source,
                texts.Select(
                    (text, i) =>
                        JsonSerializer.Serialize(
                            new
                            {
                                id = i,
                                text,
                                year = 2000 + (i % 25),
                            }
                        )
                )
            );
            await IndexAsync(collection, source, options);
            await SearchAsync(collection, texts, options);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task IndexAsync(string collection, string source, SemanticSearchEngineOptions options)
    {
        var clock = Stopwatch.StartNew();
        SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, options);
        IndexingResult result = await new CollectionIndexer(engine).IndexAsync([source]);
        Say("index", clock, $"{result.Added:N0} added");
        result = await new CollectionIndexer(engine).IndexAsync([source]);
        Say("index again", clock, $"{result.Skipped:N0} skipped");
        await engine.DisposeAsync();
        Say("write the snapshot, close", clock, "");
    }

    private static async Task SearchAsync(string collection, string[] texts, SemanticSearchEngineOptions options)
    {
        var clock = Stopwatch.StartNew();
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(collection, options);
        Say("open", clock, string.Join("; ", engine.Warnings));
        await engine.SearchAsync(texts[0]);
        Say("first search", clock, "");
        foreach (
            (string name, SearchOptions how) in new (string, SearchOptions)[]
            {
                ("semantic", new()),
                ("semantic, filter year >= 2020", new() { Filter = "year >= 2020" }),
                ("semantic, filter year = 2003", new() { Filter = "year = 2003" }),
                ("keyword", new() { Mode = SearchMode.Keyword }),
                ("hybrid", new() { Mode = SearchMode.Hybrid }),
            }
        )
        {
            await MeasureAsync(engine, name, texts, how);
        }

        clock.Restart();
        CollectionVerification verified = await engine.Maintenance.VerifyAsync();
        string found = string.Create(CultureInfo.InvariantCulture, $"recall@10 {verified.Recall:F4}, {verified.Problems.Count} problems");
        Say("verify", clock, found);
    }

    private static async Task MeasureAsync(SemanticSearchEngine engine, string name, string[] texts, SearchOptions how)
    {
        double[] times = new double[Searches];
        for (int i = 0; i < Searches; i++)
        {
            var clock = Stopwatch.StartNew();
            await engine.SearchAsync(texts[i * (texts.Length / Searches)], 10, how);
            times[i] = clock.Elapsed.TotalMilliseconds;
        }

        double first = times[0];
        Array.Sort(times);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -30} p50 {times[Searches / 2], 7:F2} ms  p99 {times[Searches * 99 / 100], 7:F2} ms  first {first, 7:F2} ms"
            )
        );
    }

    private static void Say(string step, Stopwatch clock, string note)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step, -30} {clock.Elapsed.TotalSeconds, 8:F2} s  {note}"));
        clock.Restart();
    }

    private static bool HasBuiltIn() =>
        typeof(Sextant.Model.Small.SmallModel).Assembly.GetManifestResourceInfo($"{StaticModelProvider.BuiltInModel}/model.safetensors")
            is not null;

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;
}
