using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using Sextant.Benchmarks.Ann;
using Sextant.Index;
using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Big;

/// <summary>
/// <c>ann-big</c>: a million vectors that are generated during insertion, so that the process holds only the index: build time, total
/// resident memory, what an insert and a search cost at each power of ten, the snapshot; then a new process opens it and searches.
/// </summary>
internal static class BigBenchmark
{
    private const int Depth = 10,
        Batch = 50_000;

    public static int Run(string[] args)
    {
        Arguments arguments = new(args);
        int n = arguments.Number("--n", 1_000_000),
            d = arguments.Number("--d", 384),
            asked = arguments.Number("--queries", 200);
        string storage = arguments.Text("--storage") ?? "int4",
            efs = arguments.Text("--efs") ?? "64,128,256";
        HnswOptions options = new()
        {
            Metric = SimilarityMetric.Cosine,
            Storage = AnnStorage.Parse(storage),
            M = arguments.Number("--M", 32),
            EfConstruction = arguments.Number("--efc", 200),
        };
        arguments.RefuseOthers();
        string folder = Directory.CreateTempSubdirectory("sextant-big-").FullName;
        try
        {
            string file = Path.Combine(folder, "index.hnsw");
            ClusteredVectors source = new(d);
            VectorTable queries = source.Draw(asked, 2);
            Build(source, n, queries, options, file);
            File.WriteAllText(Path.Combine(folder, "truth.json"), JsonSerializer.Serialize(Truth(source, n, queries)));
            FvecsFile.Write(Path.Combine(folder, "query.fvecs"), queries);
            using Process opened = Process.Start(Contenders.OwnCommand(BigOpened.Verb, folder, efs))!;
            opened.WaitForExit();
            return opened.ExitCode;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Build(ClusteredVectors source, int n, VectorTable queries, HnswOptions options, string file)
    {
        using HnswIndex index = new(queries.Dimensions, options);
        GrowthTable growth = new(index, queries);
        Stopwatch building = new();
        TimeSpan used = default;
        for (int first = 0; first < n; )
        {
            VectorTable rows = source.Draw(first, Math.Min(first < Batch ? Batch / 10 : Batch, n - first), 1);
            long[] ids = [.. Enumerable.Range(first, rows.Count).Select(i => (long)i)];
            TimeSpan before = Environment.CpuUsage.TotalTime;
            building.Start();
            index.AddRange(ids, rows.Rows);
            building.Stop();
            TimeSpan batch = Environment.CpuUsage.TotalTime - before;
            used += batch;
            first += rows.Count;
            growth.Note(batch / rows.Count);
            Console.Error.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{first:N0} in {building.Elapsed.TotalSeconds:F0} s, {used.TotalSeconds:F0} s of CPU, {Resident.Now():N0} MiB"
                )
            );
        }

        growth.Print();
        Say(
            $"{options.Storage}, {n:N0} x {queries.Dimensions}, M {options.M}, efConstruction {options.EfConstruction}: built in ",
            $"{building.Elapsed.TotalSeconds:F0} s ({n / building.Elapsed.TotalSeconds:N0} vectors/s), {used.TotalSeconds:F0} s of CPU"
        );
        Say($"resident: {Resident.Now():N0} MiB, at most {Resident.Most():N0} MiB");
        building.Restart();
        index.Save(file);
        Say($"snapshot: {new FileInfo(file).Length / (double)(1 << 20):N0} MiB, written in {building.Elapsed.TotalSeconds:F1} s");
    }

    private static int[][] Truth(ClusteredVectors source, int n, VectorTable queries)
    {
        TopK[] best = [.. Enumerable.Range(0, queries.Count).Select(static _ => new TopK(Depth))];
        for (int first = 0; first < n; first += Batch)
        {
            VectorTable rows = source.Draw(first, Math.Min(Batch, n - first), 1);
            Parallel.For(
                0,
                queries.Count,
                q =>
                {
                    for (int i = 0; i < rows.Count; i++)
                        best[q].Offer(first + i, TensorPrimitives.Dot(queries.Row(q), rows.Row(i)));
                }
            );
        }

        return [.. best.Select(static kept => kept.ToIndexes())];
    }

    private static void Say(params FormattableString[] parts) =>
        Console.WriteLine(string.Concat(parts.Select(FormattableString.Invariant)));
}
