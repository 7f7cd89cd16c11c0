using System.Globalization;
using Microsoft.Extensions.AI;
using Sextant.Benchmarks.Serve;
using Sextant.Client;
using Sextant.Models;

namespace Sextant.Benchmarks.Faults.Kills;

/// <summary>The service, written to by its client over HTTP.</summary>
internal sealed class KilledService(string folder) : IKilled
{
    private const string Name = "kills";
    private const int Ids = 60,
        MostOfBatch = 8,
        MostWrites = 30;

    private readonly Dictionary<string, float[]> _vectors = [];

    public async Task KillAsync(int seed, Ledger ledger)
    {
        Random random = new(seed);
        Directory.CreateDirectory(folder);
        using ServedProcess service = ServedProcess.Start(folder);
        using SextantClient client = new(service.Address);
        int writes = random.Next(MostWrites);
        // The kill comes while a request is under way: at once, or some milliseconds after it was sent.
        TaskCompletionSource due = new();
        Task killing = Task.Run(async () =>
        {
            await due.Task;
            Thread.SpinWait(random.Next(500_000));
            service.Kill();
        });
        try
        {
            await client.CreateCollectionAsync(Name);
            CollectionClient collection = client.GetCollection(Name);
            for (int version = seed * 1000; ; version++)
            {
                if (version - (seed * 1000) == writes)
                    due.SetResult();
                await WriteAsync(collection, random, version, ledger);
            }
        }
        catch (Exception e) when (e is SextantClientException or HttpRequestException or IOException)
        {
            if (!due.Task.IsCompleted)
                throw new InvalidOperationException($"the service failed before it was killed: {e.Message}", e);
        }

        await killing;
    }

    public async Task CheckAsync(Ledger ledger)
    {
        string path = Path.Combine(folder, Name);
        if (!SemanticSearchEngine.Exists(path) && ledger.Acknowledged == 0)
            return;
        using IEmbeddingGenerator<string, Embedding<float>> model = await ModelRegistry.Default.OpenAsync(
            "sextant-small",
            new() { UseCache = false }
        );
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(
            path,
            new() { Pipeline = new() { UseCache = false } }
        );
        await ledger.CheckAsync(engine, VectorOfAsync, tolerance: 1e-5f);

        async ValueTask<float[]> VectorOfAsync(string text)
        {
            if (!_vectors.TryGetValue(text, out float[]? vector))
                _vectors[text] = vector = (await model.GenerateAsync([text]))[0].Vector.ToArray();
            return vector;
        }
    }

    public IKilled StartOver() => new KilledService(folder + "-next");

    private static async Task WriteAsync(CollectionClient collection, Random random, int version, Ledger ledger)
    {
        if (random.Next(4) == 0)
        {
            string id = random.Next(Ids).ToString(CultureInfo.InvariantCulture);
            ledger.Begin(string.Create(CultureInfo.InvariantCulture, $"del {version} {id}"));
            await collection.DeleteAsync(id);
        }
        else
        {
            string[] ids =
            [
                .. Enumerable
                    .Range(0, random.Next(1, MostOfBatch))
                    .Select(_ => random.Next(Ids))
                    .Distinct()
                    .Select(id => id.ToString(CultureInfo.InvariantCulture)),
            ];
            ledger.Begin(string.Create(CultureInfo.InvariantCulture, $"put {version} {string.Join(' ', ids)}"));
            await collection.AddAsync([.. ids.Select(id => new NewDocument(Ledger.TextOf(id, version)) { Id = id })]);
        }

        ledger.Acknowledge();
    }
}
