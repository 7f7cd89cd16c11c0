using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sextant.Index;
using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Ann;

/// <summary>
/// Our index behind the peers' protocol, in a separate process, so that memory is measured separately and all are treated alike.
/// </summary>
internal sealed class SextantContender(VectorTable vectors, VectorTable queries, HnswOptions options, int threads, string folder)
    : IDisposable
{
    public const string Verb = "ann-contender";
    private const int Depth = 10;

    private HnswIndex? _index;

    public static int Run(string[] args)
    {
        HnswOptions options;
        try
        {
            options = new()
            {
                M = int.Parse(args[3], CultureInfo.InvariantCulture),
                EfConstruction = int.Parse(args[4], CultureInfo.InvariantCulture),
                Metric = SimilarityMetric.Cosine,
                Storage = AnnStorage.Parse(args[0]),
            };
        }
        catch (InputException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }

        using SextantContender contender = new(
            FvecsFile.Read(args[1]),
            FvecsFile.Read(args[2]),
            options,
            int.Parse(args[5], CultureInfo.InvariantCulture),
            args[6]
        );
        Say(new() { ["system"] = $"sextant {args[0]}" });
        while (Console.ReadLine() is { } line)
        {
            Say(
                line.Split(' ') is ["search", string ef, string target]
                    ? contender.Search(int.Parse(ef, CultureInfo.InvariantCulture), target)
                    : contender.Build()
            );
        }

        return 0;
    }

    public void Dispose() => _index?.Dispose();

    private Dictionary<string, object> Build()
    {
        long[] ids = new long[vectors.Count];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = i;
        WarmUp();
        double memory = Resident();
        (double took, double used) = Timed(() =>
        {
            _index = new(vectors.Dimensions, options);
            _index.AddRange(ids, vectors.Rows, threads);
        });
        memory = Resident() - memory;
        string file = Path.Combine(folder, $"sextant-{Environment.ProcessId}.hnsw");
        (double save, _) = Timed(() => _index!.Save(file));
        long bytes = new FileInfo(file).Length;
        _index!.Dispose();
        (double load, _) = Timed(() => _index = HnswIndex.Open(file));
        return new()
        {
            ["build_s"] = took,
            ["build_cpu_s"] = used,
            ["rss_delta_mb"] = memory,
            ["save_s"] = save,
            ["index_bytes"] = bytes,
            ["load_s"] = load,
        };
    }

    // Code is compiled when it first runs, and that of the peers already is.
    private void WarmUp()
    {
        const int Few = 3_000;
        int count = Math.Min(Few, vectors.Count);
        using HnswIndex small = new(vectors.Dimensions, options);
        small.AddRange(
            Enumerable.Range(0, count).Select(static i => (long)i).ToArray(),
            vectors.Rows[..(count * vectors.Dimensions)],
            threads
        );
        for (int q = 0; q < queries.Count; q++)
            small.Search(queries.Row(q), Depth, new() { EfSearch = 16 });
    }

    private Dictionary<string, object> Search(int ef, string target)
    {
        SearchParameters how = new() { EfSearch = ef };
        int n = queries.Count;
        int[] found = new int[n * Depth];
        double[] times = new double[n];
        for (int q = 0; q < n; q++)
            One(q);
        (double single, double used) = Timed(() =>
        {
            for (int q = 0; q < n; q++)
            {
                long began = Stopwatch.GetTimestamp();
                One(q);
                times[q] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            }
        });
        (double many, double usedByMany) = Timed(() => Parallel.For(0, n, new() { MaxDegreeOfParallelism = threads }, One));
        File.WriteAllBytes(target, MemoryMarshal.AsBytes(found.AsSpan()).ToArray());
        Array.Sort(times);
        return new()
        {
            ["qps_1t"] = n / single,
            ["qps_1t_cpu"] = n / used,
            ["p50_us"] = times[n / 2],
            ["p99_us"] = times[n * 99 / 100],
            ["qps_mt"] = n / many,
            ["qps_mt_cpu"] = threads * n / usedByMany,
        };

        void One(int q)
        {
            Neighbor[] neighbors = _index!.Search(queries.Row(q), Depth, how);
            for (int i = 0; i < Depth; i++)
                found[(q * Depth) + i] = i < neighbors.Length ? (int)neighbors[i].Id : -1;
        }
    }

    private static (double Wall, double Cpu) Timed(Action work)
    {
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long began = Stopwatch.GetTimestamp();
        work();
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds);
    }

    private static double Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64 / (double)(1 << 20);
    }

    private static void Say(Dictionary<string, object> row) => Console.WriteLine(JsonSerializer.Serialize(row));
}
