using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sextant.Index;
using Sextant.Index.Interchange;

namespace Sextant.Benchmarks.Big;

/// <summary>
/// The second half of <c>ann-big</c>, in a process that has nothing to do with the first: opens the snapshot and searches.
/// </summary>
internal static class BigOpened
{
    public const string Verb = "ann-big-opened";
    private const int TopK = 10;

    public static int Run(string[] args)
    {
        string folder = args[0];
        int[][] truth = JsonSerializer.Deserialize<int[][]>(File.ReadAllText(Path.Combine(folder, "truth.json")))!;
        VectorTable queries = FvecsFile.Read(Path.Combine(folder, "query.fvecs"));
        double before = Resident.Now();
        long began = Stopwatch.GetTimestamp();
        using HnswIndex index = HnswIndex.Open(Path.Combine(folder, "index.hnsw"));
        double opened = Stopwatch.GetElapsedTime(began).TotalSeconds;
        began = Stopwatch.GetTimestamp();
        index.Search(queries.Row(0), TopK);
        Say(
            $"opened in {opened:F2} s ({index.Count:N0} vectors), first search {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F1} ",
            $"ms, {Resident.Now() - before:N0} MiB resident by then"
        );
        Console.WriteLine("| ef | recall@10 | first pass p50 ms | p99 ms | second pass p50 ms | p99 ms | QPS on one thread |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (string ef in args[1].Split(','))
        {
            SearchParameters how = new() { EfSearch = int.Parse(ef, CultureInfo.InvariantCulture) };
            (double Recall, double[] Times) first = Pass(index, queries, truth, how),
                second = Pass(index, queries, truth, how);
            Say(
                $"| {ef} | {second.Recall:F4} | {At(first.Times, 0.5):F2} | {At(first.Times, 0.99):F2} | {At(second.Times, 0.5):F2} | ",
                $"{At(second.Times, 0.99):F2} | {1000 / second.Times.Average():N0} |"
            );
        }

        Say($"resident after all searches: {Resident.Now():N0} MiB");
        return 0;
    }

    private static (double Recall, double[] Times) Pass(HnswIndex index, VectorTable queries, int[][] truth, SearchParameters how)
    {
        double[] times = new double[queries.Count];
        int right = 0;
        for (int q = 0; q < times.Length; q++)
        {
            long began = Stopwatch.GetTimestamp();
            Neighbor[] found = index.Search(queries.Row(q), TopK, how);
            times[q] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            right += found.Count(hit => Array.IndexOf(truth[q], (int)hit.Id) >= 0);
        }

        Array.Sort(times);
        return ((double)right / (times.Length * TopK), times);
    }

    private static double At(double[] sorted, double share) => sorted[(int)(sorted.Length * share)];

    private static void Say(params FormattableString[] parts) =>
        Console.WriteLine(string.Concat(parts.Select(FormattableString.Invariant)));
}
