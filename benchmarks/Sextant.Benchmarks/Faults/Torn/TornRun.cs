using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Sextant.Postgres;
using Sextant.Search.Storage;
using Sextant.Sources.Transfer;

namespace Sextant.Benchmarks.Faults.Torn;

/// <summary>
/// Searches and exports run concurrently with writers that replace and delete. The vector of a document is derived from its text, so that a
/// row whose text and vector were read in two states is detected, as is a score that belongs to another text.
/// </summary>
internal static class TornRun
{
    private const int Ids = 400,
        Kept = 100,
        Writers = 2,
        Exporters = 2,
        MostShown = 20;

    /// <summary>Databases keep vectors and scores in their own precision.</summary>
    private const float Tolerance = 2e-3f;

    private static readonly SemanticSearchEngineOptions Options = TextVectors.Options(collections: new PostgresProvider());

    public static async Task<int> RunAsync(string[] args)
    {
        Arguments arguments = new(args);
        int seconds = arguments.Number("--seconds", 60),
            searchers = arguments.Number("--searchers", 64),
            seed = arguments.Number("--seed", 1);
        string? location = arguments.Text("--location");
        arguments.RefuseOthers();
        string folder = Directory.CreateTempSubdirectory("sextant-torn-").FullName;
        location ??= Path.Combine(folder, "torn");
        if (await SemanticSearchEngine.ExistsAsync(location, Options))
            throw new InputException("there is a collection already; name one that is not there, it is deleted at the end");
        try
        {
            return await RunAsync(location, folder, seconds, searchers, seed) ? 0 : 1;
        }
        finally
        {
            await using (CollectionLocation place = CollectionLocation.Resolve(location, Options.CollectionProviders))
                await place.DeleteAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RunAsync(string location, string folder, int seconds, int searchers, int seed)
    {
        await using SemanticSearchEngine writing = await SemanticSearchEngine.OpenAsync(location, Options);
        await using SemanticSearchEngine reading = await SemanticSearchEngine.OpenAsync(location, Options);
        TornCounts counts = new();
        await writing.AddDocumentsAsync(Enumerable.Range(0, Ids).Select(id => Version(id, 0)));
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(seconds));
        ConcurrentDictionary<int, int> written = new(Enumerable.Range(0, Ids).ToDictionary(id => id, _ => 0));
        long start = Stopwatch.GetTimestamp();
        List<Task> tasks = [];
        for (int i = 0; i < Writers; i++)
            tasks.Add(LoopAsync(new Random(seed + i), i, (random, writer) => WriteAsync(writing, written, random, writer, counts)));
        for (int i = 0; i < searchers; i++)
        {
            SemanticSearchEngine engine = i % 2 == 0 ? reading : writing;
            tasks.Add(LoopAsync(new Random(seed + 1000 + i), i, (random, _) => SearchAsync(engine, random, counts)));
        }

        for (int i = 0; i < Exporters; i++)
        {
            SemanticSearchEngine engine = i % 2 == 0 ? reading : writing;
            tasks.Add(
                LoopAsync(
                    new Random(seed),
                    i,
                    (_, exporter) => ExportAsync(engine, Path.Combine(folder, $"export-{exporter}.jsonl"), counts)
                )
            );
        }

        await Task.WhenAll(tasks);
        await CompareAsync(reading, written, counts);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"torn: {counts.Searches} searches with {counts.Hits} hits, {counts.Exports} exports with {counts.Rows} rows, "
                    + $"{counts.Writes} writes, {counts.Torn} torn, {counts.Lost} lost, {counts.Failed} failed, "
                    + $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"
            )
        );
        foreach (string line in counts.Wrong.Take(MostShown))
            Console.WriteLine($"  {line}");
        return counts.Wrong.IsEmpty;

        Task LoopAsync(Random random, int number, Func<Random, int, Task> step) =>
            Task.Run(async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    try
                    {
                        await step(random, number);
                    }
                    catch (Exception e) when (e is SextantException or InvalidOperationException or IOException)
                    {
                        counts.Fail($"{e.GetType().Name}: {e.Message}");
                    }
                }
            });
    }

    // Each writer has separate ids, so that the final state is known. Ids below Kept are replaced and never deleted.
    private static async Task WriteAsync(
        SemanticSearchEngine engine,
        ConcurrentDictionary<int, int> written,
        Random random,
        int writer,
        TornCounts counts
    )
    {
        int[] ids = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => (random.Next(Ids / Writers) * Writers) + writer).Distinct()];
        if (random.Next(4) == 0)
        {
            int[] deleted = [.. ids.Where(id => id >= Kept)];
            await engine.DeleteAsync(deleted.Select(Name));
            foreach (int id in deleted)
                written.TryRemove(id, out _);
        }
        else
        {
            int version = random.Next();
            await engine.AddDocumentsAsync(ids.Select(id => Version(id, version)));
            foreach (int id in ids)
                written[id] = version;
        }

        counts.CountWrite();
    }

    private static async Task SearchAsync(SemanticSearchEngine engine, Random random, TornCounts counts)
    {
        string query = Version(random.Next(Ids), random.Next(5)).Text;
        SearchMode mode = (SearchMode)random.Next(3);
        IReadOnlyList<SearchResult> hits = await engine.SearchAsync(query, 10, new() { Mode = mode, Explain = true });
        foreach (SearchResult hit in hits)
        {
            if (
                !(Math.Abs(hit.Stages!.Semantic!.Score - TextVectors.Cosine(query, hit.Text)) <= Tolerance)
                || !hit.Text.StartsWith($"text {hit.Id} ", StringComparison.Ordinal)
            )
            {
                counts.Tear($"{mode} '{query}': '{hit.Id}' '{hit.Text}' with the cosine {hit.Stages.Semantic.Score}");
            }
        }

        if (hits.Select(hit => hit.Id).Distinct().Count() != hits.Count)
            counts.Tear($"{mode} '{query}': a document twice");
        counts.CountSearch(hits.Count);
    }

    private static async Task ExportAsync(SemanticSearchEngine engine, string file, TornCounts counts)
    {
        await CollectionExport.RunAsync(engine, file);
        HashSet<string> ids = [];
        foreach (Document row in DocumentLines.Read(file, withVectors: true))
        {
            if (!IsOwn(row))
                counts.Tear($"exported '{row.Id}' '{row.Text}' with the vector of another text");
            if (!ids.Add(row.Id!))
                counts.Tear($"exported '{row.Id}' twice");
        }

        foreach (string id in Enumerable.Range(0, Kept).Select(Name).Where(id => !ids.Contains(id)))
            counts.Lose($"'{id}' is not in an export");
        counts.CountExport(ids.Count);
    }

    private static async Task CompareAsync(SemanticSearchEngine engine, ConcurrentDictionary<int, int> written, TornCounts counts)
    {
        Dictionary<string, Document> stored = [];
        await foreach (Document document in engine.ListAsync())
            stored.Add(document.Id!, document);
        foreach ((int id, int version) in written)
        {
            if (!stored.Remove(Name(id), out Document? found) || found.Text != Version(id, version).Text || !IsOwn(found))
                counts.Lose($"'{id}' version {version} is '{found?.Text}' at the end");
        }

        foreach (string id in stored.Keys)
            counts.Lose($"'{id}' was deleted and is there at the end");
    }

    private static bool IsOwn(Document document)
    {
        float[] right = TextVectors.Unit(document.Text);
        ReadOnlySpan<float> vector = document.Vector!.Value.Span;
        bool isOwn = vector.Length == right.Length && document.Text.StartsWith($"text {document.Id} ", StringComparison.Ordinal);
        for (int i = 0; isOwn && i < right.Length; i++)
            isOwn = Math.Abs(vector[i] - right[i]) <= Tolerance;
        return isOwn;
    }

    private static Document Version(int id, int version) =>
        new(string.Create(CultureInfo.InvariantCulture, $"text {id} version {version}")) { Id = Name(id) };

    private static string Name(int id) => id.ToString(CultureInfo.InvariantCulture);
}
