using System.Diagnostics;
using System.Globalization;
using Sextant.Benchmarks.Ann;
using Sextant.Index;
using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Filters;

/// <summary>
/// <c>ann-filters</c>: filters that keep 50, 10, 1 and 0.1 % of clustered vectors, at random and by cluster, each searched through the
/// graph and
/// by comparing float32 with every vector that passes, in turn; one thread.
/// </summary>
internal static class FilterBenchmark
{
    private const int TopK = 10;

    private static readonly double[] Shares = [0.5, 0.1, 0.01, 0.001];

    public static int Run(string[] args)
    {
        Arguments arguments = new(args);
        int n = arguments.Number("--n", 100_000),
            d = arguments.Number("--d", 384),
            asked = arguments.Number("--queries", 500);
        int ef = arguments.Number("--ef", 128),
            rounds = arguments.Number("--rounds", 3);
        string[] storages = (arguments.Text("--storage") ?? "int4,float32").Split(',');
        arguments.RefuseOthers();

        ClusteredVectors source = new(d);
        VectorTable vectors = source.Draw(n, 1),
            queries = source.Draw(asked, 2);
        RowFilter[] filters =
        [
            .. Shares.SelectMany(share => (RowFilter[])[RowFilter.AtRandom(n, share), RowFilter.ByCluster(vectors, share)]),
        ];
        long[] ids = [.. Enumerable.Range(0, n).Select(i => (long)i)];
        Console.WriteLine(
            "| storage | passes | which | recall@10 | least found | QPS | p99 ms | QPS of its own exact scan | QPS of a float32 scan in "
                + "memory | ratio |"
        );
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (string name in storages)
        {
            using HnswIndex index = Built(d, name, ids, vectors);
            foreach (RowFilter filter in filters)
                Measure(index, name, filter, vectors, queries, ef, rounds);
        }

        return 0;
    }

    // Opened from a file, as indexes that are searched are.
    private static HnswIndex Built(int dimensions, string storage, long[] ids, VectorTable vectors)
    {
        string file = Path.GetTempFileName();
        try
        {
            using HnswIndex index = new(dimensions, new() { Metric = SimilarityMetric.Cosine, Storage = AnnStorage.Parse(storage) });
            index.AddRange(ids, vectors.Rows);
            index.Save(file);
            return HnswIndex.Open(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Measure(
        HnswIndex index,
        string storage,
        RowFilter filter,
        VectorTable vectors,
        VectorTable queries,
        int ef,
        int rounds
    )
    {
        SearchParameters how = new() { EfSearch = ef, Filter = new(filter.Rows.Select(row => (long)row)) };
        int n = queries.Count;
        Neighbor[][] found = new Neighbor[n][];
        int[][] truth = new int[n][];
        double[] times = new double[n];
        double best = double.MaxValue,
            own = double.MaxValue,
            scanned = double.MaxValue,
            p99 = double.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            long began = Stopwatch.GetTimestamp();
            for (int q = 0; q < n; q++)
            {
                long asked = Stopwatch.GetTimestamp();
                found[q] = index.Search(queries.Row(q), TopK, how);
                times[q] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
            Array.Sort(times);
            p99 = Math.Min(p99, times[n * 99 / 100]);
            // Its own filter is so much slower that a few queries are enough.
            int few = Math.Min(n, 50);
            began = Stopwatch.GetTimestamp();
            for (int q = 0; q < few; q++)
                index.Search(queries.Row(q), TopK, how with { Exact = true });
            own = Math.Min(own, Stopwatch.GetElapsedTime(began).TotalSeconds * n / few);
            began = Stopwatch.GetTimestamp();
            for (int q = 0; q < n; q++)
                truth[q] = filter.Nearest(vectors, queries.Row(q), TopK);
            scanned = Math.Min(scanned, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        double recall = Enumerable
            .Range(0, n)
            .Average(q => (double)found[q].Count(hit => Array.IndexOf(truth[q], (int)hit.Id) >= 0) / truth[q].Length);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {storage} | {filter.Rows.Length * 100.0 / vectors.Count:0.###} % | {filter.Name} | {recall:F4} | "
                    + $"{found.Min(hits => hits.Length)} | {n / best:N0} | {p99:F2} | {n / own:N0} | {n / scanned:N0} | "
                    + $"{scanned / best:F2} |"
            )
        );
    }
}
