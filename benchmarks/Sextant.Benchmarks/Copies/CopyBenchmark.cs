using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Sextant.Benchmarks.Static;
using Sextant.Postgres;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Benchmarks.Copies;

/// <summary>
/// <c>copy --to POSTGRES [--count 20000] [--queries 500] [--texts FILE]</c>: a collection from disk to PostgreSQL and back: how long each
/// way
/// takes, whether what came back is what went, and whether searches of both find the same.
/// </summary>
internal static class CopyBenchmark
{
    private const int Results = 10;

    public static async Task<int> RunAsync(string[] args)
    {
        Arguments given = new(args);
        int count = given.Number("--count", 20_000),
            asked = given.Number("--queries", 500);
        string server = given.Text("--to") ?? throw new InputException("--to: name a database, postgres://user@host/database");
        string[] texts = given.Text("--texts") is { } file
            ? [.. File.ReadLines(file).Take(count + asked)]
            : SyntheticModel.Sentences(count + asked);
        given.RefuseOthers();
        string folder = Directory.CreateTempSubdirectory("sextant-bench-").FullName,
            there = $"{server}#bench_{Guid.NewGuid():N}";
        PostgresProvider postgres = new();
        try
        {
            await CopyAsync(
                folder,
                there,
                texts[..^asked],
                texts[^asked..],
                new()
                {
                    CollectionProviders = [postgres],
                    Pipeline = new() { UseCache = false },
                }
            );
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await using CollectionLocation place = postgres.GetLocation(there);
            await place.DeleteAsync(CancellationToken.None);
        }
    }

    private static async Task CopyAsync(string folder, string there, string[] texts, string[] queries, SemanticSearchEngineOptions options)
    {
        string back = Path.Combine(folder, "back.sextant");
        await using SemanticSearchEngine original = await SemanticSearchEngine.OpenAsync(Path.Combine(folder, "original.sextant"), options);
        foreach (string[] batch in texts.Chunk(5000))
            await original.AddDocumentsAsync(batch.Select(text => new Document(text)));
        var clock = Stopwatch.StartNew();
        CopyResult went = await original.Maintenance.CopyToAsync(there);
        Say(clock, $"to PostgreSQL, with its indexes: {went.Copied:N0} documents");
        await using SemanticSearchEngine database = await SemanticSearchEngine.OpenAsync(there, options);
        clock.Restart();
        CopyResult came = await database.Maintenance.CopyToAsync(back);
        Say(clock, $"and back: {came.Copied:N0} documents");
        await using SemanticSearchEngine copy = await SemanticSearchEngine.OpenAsync(back, options);
        clock.Restart();
        bool same = (await AllAsync(original)).SequenceEqual(await AllAsync(copy), StringComparer.Ordinal);
        Say(clock, $"what came back is {(same ? "the same to the bit" : "NOT the same")}");

        HashSet<string>[] truth = await FindAsync(original, queries, exact: true, "exact, in the folder");
        Tell(truth, await FindAsync(database, queries, exact: true, "exact, in PostgreSQL"));
        Tell(truth, await FindAsync(original, queries, exact: false, "through the index, in the folder"));
        Tell(truth, await FindAsync(database, queries, exact: false, "through the index, in PostgreSQL"));
    }

    private static async Task<HashSet<string>[]> FindAsync(SemanticSearchEngine engine, string[] queries, bool exact, string what)
    {
        HashSet<string>[] found = new HashSet<string>[queries.Length];
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < found.Length; i++)
            found[i] = [.. (await engine.SearchAsync(queries[i], Results, new() { Exact = exact })).Select(hit => hit.Id)];
        Say(clock, $"{queries.Length} searches, {what}");
        return found;
    }

    private static void Tell(HashSet<string>[] truth, HashSet<string>[] found)
    {
        int same = truth.Zip(found, static (a, b) => a.SetEquals(b)).Count(static equal => equal);
        double recall = truth.Zip(found, static (a, b) => a.Intersect(b).Count() / (double)a.Count).Average();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"          the same {Results} as the truth {same} times, recall {recall:F4}")
        );
    }

    private static async Task<List<string>> AllAsync(SemanticSearchEngine engine)
    {
        List<string> all = [];
        await foreach (Document d in engine.ListAsync())
        {
            all.Add(
                $"{d.Id}\n{d.Text}\n{d.Metadata?.ToJsonString()}\n{d.Source}\n"
                    + $"{Convert.ToHexString(MemoryMarshal.AsBytes(d.Vector!.Value.Span))}"
            );
        }

        return all;
    }

    private static void Say(Stopwatch clock, string what) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds, 7:F2} s {what}"));
}
