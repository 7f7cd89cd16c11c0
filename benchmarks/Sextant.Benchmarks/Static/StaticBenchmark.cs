using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Models.Static;

namespace Sextant.Benchmarks.Static;

/// <summary>
/// <c>static [--model NAME] [--texts FILE] [--count 100000] [--json]</c>: short texts a second through the static model,
/// step by step, on one core (by processor affinity, so that the collector's threads share it) and then on all.
/// Each figure is the best of five passes.
/// </summary>
internal static class StaticBenchmark
{
    private const int Passes = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        using var folder = new SyntheticModel();
        bool builtIn = new StaticModelProvider().Handles(StaticModelProvider.BuiltInModel) && HasBuiltIn();
        string name = Option(args, "--model") ?? (builtIn ? StaticModelProvider.BuiltInModel : folder.Write());
        int count = int.Parse(Option(args, "--count") ?? "100000", CultureInfo.InvariantCulture);
        string[] texts = Option(args, "--texts") is { } file ? [.. File.ReadLines(file).Take(count)] : SyntheticModel.Sentences(count);
        bool json = Array.IndexOf(args, "--json") >= 0;

        var loading = Stopwatch.StartNew();
        using var generator = (StaticEmbeddingGenerator)await new StaticModelProvider().OpenAsync(name);
        TimeSpan opened = loading.Elapsed;
        if (!json)
        {
            double characters = texts.Average(t => t.Length),
                tokens = texts.Average(t => generator.Model.Tokenizer.Count(t));
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}, {generator.Model.Dimensions} dimensions, opened in {opened.TotalMilliseconds:F0} ms; "
                        + $"{texts.Length:N0} texts of {characters:F0} characters and {tokens:F1} tokens on average"
                )
            );
        }

        using Microsoft.Extensions.AI.IEmbeddingGenerator<string, Microsoft.Extensions.AI.Embedding<float>> plain = EmbeddingPipeline.Wrap(
            generator,
            new EmbeddingPipelineOptions { UseCache = false }
        );
        using (OneCore.Only())
        {
            await MeasureAsync("one core", "tokenize", texts.Length, json, () => Tokenize(generator.Model, texts));
            await MeasureAsync("one core", "tokenize, sum, normalize", texts.Length, json, () => Embed(generator.Model, texts));
            await MeasureAsync("one core", "generator", texts.Length, json, () => generator.GenerateAsync(texts));
            await MeasureAsync("one core", "pipeline without cache", texts.Length, json, () => plain.GenerateAsync(texts));
            await MeasureCacheAsync("one core", generator, texts, json);
        }

        await MeasureAsync("all cores", "generator", texts.Length, json, () => generator.GenerateAsync(texts));
        await MeasureAsync("all cores", "pipeline without cache", texts.Length, json, () => plain.GenerateAsync(texts));
        await MeasureCacheAsync("all cores", generator, texts, json);
        return 0;
    }

    private static async Task MeasureCacheAsync(string cores, StaticEmbeddingGenerator generator, string[] texts, bool json)
    {
        string folder = Directory.CreateTempSubdirectory("sextant-bench-").FullName;
        try
        {
            using Microsoft.Extensions.AI.IEmbeddingGenerator<string, Microsoft.Extensions.AI.Embedding<float>> pipeline =
                EmbeddingPipeline.Wrap(generator, new EmbeddingPipelineOptions { CacheDirectory = folder });
            await MeasureAsync(cores, "pipeline, empty cache", texts.Length, json, () => pipeline.GenerateAsync(texts), passes: 1);
            await MeasureAsync(cores, "pipeline, full cache", texts.Length, json, () => pipeline.GenerateAsync(texts));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string cores, string step, int count, bool json, Func<Task> run, int passes = Passes)
    {
        double best = double.MaxValue;
        for (int pass = 0; pass < passes; pass++)
        {
            GC.Collect();
            var clock = Stopwatch.StartNew();
            await run();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        Console.WriteLine(
            json
                ? JsonSerializer.Serialize(
                    new
                    {
                        cores,
                        step,
                        texts = count,
                        wall_s = best,
                        texts_per_s = count / best,
                    }
                )
                : string.Create(CultureInfo.InvariantCulture, $"{cores, -10} {step, -26} {count / best, 12:N0} texts/s")
        );
    }

    private static Task Tokenize(StaticEmbeddingModel model, string[] texts)
    {
        var ids = new List<int>();
        foreach (string text in texts)
        {
            ids.Clear();
            model.Tokenizer.Encode(text, ids);
        }

        return Task.CompletedTask;
    }

    private static Task Embed(StaticEmbeddingModel model, string[] texts)
    {
        var ids = new List<int>();
        float[] vector = new float[model.Dimensions];
        foreach (string text in texts)
        {
            model.Embed(text, ids, vector);
        }

        return Task.CompletedTask;
    }

    private static bool HasBuiltIn() =>
        typeof(Sextant.Model.Small.SmallModel).Assembly.GetManifestResourceInfo($"{StaticModelProvider.BuiltInModel}/model.safetensors")
            is not null;

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;
}
