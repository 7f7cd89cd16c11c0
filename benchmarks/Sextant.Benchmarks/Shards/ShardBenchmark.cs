using System.Diagnostics;
using Sextant.Benchmarks.Ann;
using Sextant.Index;
using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Shards;

/// <summary>
/// Measures quality and tail latency of a collection sharded over many machines: each shard returns a few results, and the best of all are
/// merged.
/// </summary>
/// <remarks>
/// The shard of a document, and thus the number of true neighbors per shard, is simulated over real neighbors. Latency and recall are
/// measured on one shard; a response is as slow as its slowest shard, with independently drawn times.
/// </remarks>
internal static class ShardBenchmark
{
    private const int Draws = 20_000;

    public static int Run(string[] args)
    {
        Arguments arguments = new(args);
        int n = arguments.Number("--n", 100_000),
            d = arguments.Number("--d", 384),
            asked = arguments.Number("--queries", 1000);
        int k = arguments.Number("--k", 10),
            ef = arguments.Number("--efs", 128);
        VectorStorage storage = AnnStorage.Parse(arguments.Text("--storage") ?? "int4");
        int[] shards = arguments.Numbers("--shards", "4,16,64"),
            perShard = arguments.Numbers("--per-shard", "1,2,3,5,10");
        arguments.RefuseOthers();

        ClusteredVectors source = new(d);
        VectorTable vectors = source.Draw(n, 1),
            queries = source.Draw(asked, 2);
        using HnswIndex index = new(d, new HnswOptions { Metric = SimilarityMetric.Cosine, Storage = storage });
        long began = Stopwatch.GetTimestamp();
        long[] ids = [.. Enumerable.Range(0, n).Select(i => (long)i)];
        index.AddRange(ids, vectors.Rows);
        Say($"one shard: {n:N0} vectors of {d} in {storage}, built in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s, ef {ef}");
        string file = Path.GetTempFileName();
        index.Save(file);
        Say($"  {new FileInfo(file).Length / n:N0} bytes a vector with its links, in its file");
        File.Delete(file);
        long[][] truth = new long[asked][];
        Parallel.For(0, asked, q => truth[q] = Ids(index.Search(queries.Row(q), k, new() { Exact = true })));

        Dictionary<int, Shard> measured = perShard.ToDictionary(m => m, m => Measure(index, queries, truth, m, ef));
        foreach ((int m, Shard shard) in measured)
        {
            Say(
                $"  {m, 3} results: recall {shard.Recall:F4}, p50 {Percentile(shard.Times, 0.5):F0} us, p99 ",
                $"{Percentile(shard.Times, 0.99):F0} us"
            );
        }

        Console.WriteLine("| shards | results of each | recall, spread evenly | recall, spread by meaning | p50 us | p99 us |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        Random random = new(1);
        foreach (int count in shards)
        {
            int[] centers = [.. Enumerable.Range(0, count).Select(_ => random.Next(n))];
            foreach ((int m, Shard shard) in measured)
            {
                double evenly = Covered(truth, m, k, id => (int)(id % count));
                double byMeaning = Covered(truth, m, k, id => Nearest(vectors, centers, (int)id));
                double[] slowest = new double[Draws];
                for (int i = 0; i < Draws; i++)
                {
                    for (int s = 0; s < count; s++)
                        slowest[i] = Math.Max(slowest[i], shard.Times[random.Next(shard.Times.Length)]);
                }

                Array.Sort(slowest);
                Say(
                    $"| {count} | {m} | {evenly * shard.Recall:F4} | {byMeaning * shard.Recall:F4} | {Percentile(slowest, 0.5):F0} | ",
                    $"{Percentile(slowest, 0.99):F0} |"
                );
            }
        }

        return 0;
    }

    private static Shard Measure(HnswIndex index, VectorTable queries, long[][] truth, int results, int ef)
    {
        SearchParameters how = new() { EfSearch = ef };
        double found = 0;
        double[] times = new double[truth.Length];
        for (int round = 0; round < 2; round++)
        {
            found = 0;
            for (int q = 0; q < truth.Length; q++)
            {
                long began = Stopwatch.GetTimestamp();
                Neighbor[] hits = index.Search(queries.Row(q), results, how);
                times[q] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
                found += Ids(hits).Intersect(truth[q].Take(results)).Count();
            }
        }

        Array.Sort(times);
        return new(found / truth.Sum(t => Math.Min(results, t.Length)), times);
    }

    // A shard's best are among the best of all first, so it gives as many of them as it holds, up to what it is asked for.
    private static double Covered(long[][] truth, int results, int k, Func<long, int> shardOf) =>
        truth.Average(ids => ids.GroupBy(shardOf).Sum(group => Math.Min(group.Count(), results)) / (double)k);

    private static int Nearest(VectorTable vectors, int[] centers, int row)
    {
        int best = 0;
        float highest = float.MinValue;
        for (int c = 0; c < centers.Length; c++)
        {
            float score = VectorMath.Dot(vectors.Row(centers[c]), vectors.Row(row));
            if (score > highest)
                (best, highest) = (c, score);
        }

        return best;
    }

    private static long[] Ids(Neighbor[] hits) => Array.ConvertAll(hits, hit => hit.Id);

    private static double Percentile(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];

    private static void Say(params FormattableString[] parts) =>
        Console.WriteLine(string.Concat(parts.Select(FormattableString.Invariant)));

    /// <summary>The measurements of one shard: its recall, and its times in microseconds, sorted.</summary>
    private sealed record Shard(double Recall, double[] Times);
}
