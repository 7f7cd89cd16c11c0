using System.Globalization;
using Microsoft.Extensions.AI;
using Sextant.Benchmarks.Static;
using Sextant.Client;
using Sextant.Models;

namespace Sextant.Benchmarks.Serve;

/// <summary>
/// <c>serve [--texts FILE] [--count 100000] [--clients 64] [--seconds 10] [--warmup 3]</c>: many clients search a collection while one
/// writes to it,
/// first in process and then over HTTP; and texts are embedded both ways.
/// </summary>
internal static class ServeBenchmark
{
    private const int WrittenAtOnce = 20,
        EmbeddedAtOnce = 32;
    private const string Name = "bench";

    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMilliseconds(100);

    // What a service does in its first seconds, it does while it compiles itself.
    private static TimeSpan WarmUp;

    public static async Task<int> RunAsync(string[] args)
    {
        Arguments given = new(args);
        int count = given.Number("--count", 100_000),
            clients = given.Number("--clients", 64),
            seconds = given.Number("--seconds", 10);
        WarmUp = TimeSpan.FromSeconds(given.Number("--warmup", 3));
        string[] texts = given.Text("--texts") is { } file ? [.. File.ReadLines(file).Take(count)] : SyntheticModel.Sentences(count);
        given.RefuseOthers();
        string folder = Directory.CreateTempSubdirectory("sextant-bench-").FullName;
        try
        {
            await SearchInProcessAsync(Path.Combine(folder, Name), texts, clients, seconds);
            await EmbedInProcessAsync(texts, seconds);
            using ServedProcess service = ServedProcess.Start(folder);
            using ConnectionPool connections = await ConnectionPool.OpenAsync(service.Address, clients);
            await SearchOverHttpAsync(service, connections, texts, clients, seconds);
            await EmbedOverHttpAsync(service, connections, texts, seconds, "base64");
            await EmbedOverHttpAsync(service, connections, texts, seconds, "float");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SearchInProcessAsync(string path, string[] texts, int clients, int seconds)
    {
        await using SemanticSearchEngine engine = await SemanticSearchEngine.CreateAsync(
            path,
            new() { Pipeline = new() { UseCache = false } }
        );
        foreach (string[] batch in texts.Chunk(5000))
            await engine.AddDocumentsAsync(batch.Select(text => new Document(text)));
        double used = Environment.CpuUsage.TotalTime.TotalSeconds;
        LoadResult result = await WhileWritingAsync(
            () =>
                Load.RunAsync(
                    clients,
                    WarmUp,
                    seconds,
                    async (client, i) => (await engine.SearchAsync(Pick(texts, client, i), 10)).Count == 10
                ),
            batch => engine.AddDocumentsAsync(batch.Select(text => new Document(text)))
        );
        Say("search, in process", result, Environment.CpuUsage.TotalTime.TotalSeconds - used);
    }

    private static async Task SearchOverHttpAsync(
        ServedProcess service,
        ConnectionPool connections,
        string[] texts,
        int clients,
        int seconds
    )
    {
        using SextantClient client = new(service.Address);
        CollectionClient collection = client.GetCollection(Name);
        byte[][] requests =
        [
            .. texts
                .Take(20_000)
                .Select(text => RawConnection.Request(service.Address, $"/v1/collections/{Name}/search", new { query = text, k = 10 })),
        ];
        double used = service.Used;
        LoadResult result = await WhileWritingAsync(
            () =>
                Load.RunAsync(clients, WarmUp, seconds, async (one, i) => await connections[one].SendAsync(Pick(requests, one, i)) == 200),
            batch => collection.AddAsync(batch.Select(text => new NewDocument(text)))
        );
        Say("search, over HTTP", result, service.Used - used);
    }

    private static async Task EmbedInProcessAsync(string[] texts, int seconds)
    {
        using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync(
            StaticModelProvider.BuiltInModel,
            new() { UseCache = false }
        );
        string[][] batches = [.. texts.Chunk(EmbeddedAtOnce).Where(batch => batch.Length == EmbeddedAtOnce)];
        double used = Environment.CpuUsage.TotalTime.TotalSeconds;
        LoadResult result = await Load.RunAsync(
            Environment.ProcessorCount,
            WarmUp,
            seconds,
            async (client, i) => (await model.GenerateAsync(Pick(batches, client, i))).Count == EmbeddedAtOnce
        );
        Say($"embed {EmbeddedAtOnce}, in process", result, Environment.CpuUsage.TotalTime.TotalSeconds - used);
    }

    private static async Task EmbedOverHttpAsync(
        ServedProcess service,
        ConnectionPool connections,
        string[] texts,
        int seconds,
        string format
    )
    {
        byte[][] requests =
        [
            .. texts
                .Chunk(EmbeddedAtOnce)
                .Take(2000)
                .Select(batch =>
                    RawConnection.Request(
                        service.Address,
                        "/v1/embeddings",
                        new
                        {
                            model = StaticModelProvider.BuiltInModel,
                            input = batch,
                            encoding_format = format,
                        }
                    )
                ),
        ];
        double used = service.Used;
        LoadResult result = await Load.RunAsync(
            8,
            WarmUp,
            seconds,
            async (one, i) => await connections[one].SendAsync(Pick(requests, one, i)) == 200
        );
        Say($"embed {EmbeddedAtOnce}, {format}, over HTTP", result, service.Used - used);
    }

    // One writer at a steady pace, the same for both sides; otherwise the faster one would write more.
    private static async Task<LoadResult> WhileWritingAsync(Func<Task<LoadResult>> load, Func<string[], Task> write)
    {
        using CancellationTokenSource end = new();
        Task<int> writing = Task.Run(async () =>
        {
            using PeriodicTimer timer = new(BetweenWrites);
            int batches = 0;
            while (!end.IsCancellationRequested)
            {
                await write([.. Enumerable.Range(0, WrittenAtOnce).Select(i => $"A text written meanwhile, number {Guid.NewGuid()}.")]);
                batches++;
                await timer.WaitForNextTickAsync();
            }

            return batches;
        });
        LoadResult result = await load();
        await end.CancelAsync();
        Console.WriteLine($"  {await writing * WrittenAtOnce:N0} documents written meanwhile");
        return result;
    }

    private static T Pick<T>(T[] all, int client, int i) => all[((client * 7919) + i) % all.Length];

    private static void Say(string what, LoadResult result, double used) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what, -30} {result}  {used, 6:F1} s of processor"));
}
