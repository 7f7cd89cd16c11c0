using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sextant.Models;

namespace Sextant.Benchmarks.Serve;

/// <summary>The engine without a service in a separate process, which measures itself.</summary>
internal sealed class EngineProcess : IDisposable
{
    public const string Verb = "engine-process";

    private const string Search = "search",
        Embed = "embed";

    private readonly ChildProcess _process;

    private EngineProcess(ChildProcess process) => _process = process;

    public static async Task<int> RunAsync(string[] args)
    {
        var work = Work.Parse(new(args[1..]));
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            args[0],
            new() { Pipeline = new() { UseCache = false } }
        );
        using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync(
            StaticModelProvider.BuiltInModel,
            new() { UseCache = false }
        );
        while (Console.ReadLine()?.Split(' ') is [{ } what, { } time])
        {
            int seconds = int.Parse(time, CultureInfo.InvariantCulture);
            LoadResult result =
                what == Search ? await SearchAsync(engine, work, seconds)
                : what == Embed ? await EmbedAsync(model, work, seconds)
                : throw new InputException($"{what}: not a kind of work");
            Console.WriteLine(JsonSerializer.Serialize(result));
        }

        return 0;
    }

    public static EngineProcess Start(string collection, string? cores, IEnumerable<string> work) =>
        new(ChildProcess.Start(cores, [Verb, collection, .. work]));

    public Task<LoadResult> SearchAsync(int seconds) => AskAsync(Search, seconds);

    public Task<LoadResult> EmbedAsync(int seconds) => AskAsync(Embed, seconds);

    public void Dispose() => _process.Dispose();

    private static Task<LoadResult> SearchAsync(SemanticSearchEngine engine, Work work, int seconds) =>
        Work.WhileWritingAsync(
            () =>
                Load.RunAsync(
                    work.Clients,
                    seconds,
                    Used,
                    async (client, i) => (await engine.SearchAsync(Work.Pick(work.Texts, client, i), 10)).Count == 10
                ),
            batch => engine.AddDocumentsAsync(batch.Select(text => new Document(text)))
        );

    private static Task<LoadResult> EmbedAsync(IEmbeddingGenerator<string, Embedding<float>> model, Work work, int seconds) =>
        Load.RunAsync(
            Environment.ProcessorCount,
            seconds,
            Used,
            async (client, i) => (await model.GenerateAsync(Work.Pick(work.Batches, client, i))).Count == Work.EmbeddedAtOnce
        );

    private static double Used() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private async Task<LoadResult> AskAsync(string what, int seconds) =>
        JsonSerializer.Deserialize<LoadResult>(await _process.AskAsync(string.Create(CultureInfo.InvariantCulture, $"{what} {seconds}")))!;
}
