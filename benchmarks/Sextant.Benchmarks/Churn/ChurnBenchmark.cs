using System.Diagnostics;
using Sextant.Benchmarks.Ann;
using Sextant.Benchmarks.Big;
using Sextant.Index;
using Sextant.Index.Interchange;
using Sextant.Numerics;

namespace Sextant.Benchmarks.Churn;

/// <summary>
/// <c>ann-churn</c>: replaces a random half of an index, a tenth at a time, half of the tenth under its ids and half by removing and
/// adding, while another thread searches; then compares it with a new index of the final vectors.
/// </summary>
internal static class ChurnBenchmark
{
    private const int Rounds = 5,
        TopK = 10;

    public static int Run(string[] args)
    {
        Arguments arguments = new(args);
        int n = arguments.Number("--n", 100_000),
            d = arguments.Number("--d", 384),
            asked = arguments.Number("--queries", 1000);
        int[] efs = arguments.Numbers("--efs", "16,32,64,128");
        string storage = arguments.Text("--storage") ?? "int4";
        arguments.RefuseOthers();
        HnswOptions options = new() { Metric = SimilarityMetric.Cosine, Storage = AnnStorage.Parse(storage) };

        ClusteredVectors source = new(d);
        VectorTable all = source.Draw(n + (n / 2), 1),
            queries = source.Draw(asked, 2);
        Dictionary<long, int> rows = Enumerable.Range(0, n).ToDictionary(i => (long)i, i => i);
        double before = Resident.Now();
        using HnswIndex churned = new(d, options);
        long[] rowOf = [.. Enumerable.Range(0, n).Select(i => (long)i)];
        double built = Timed(() => churned.AddRange(rowOf, all.Rows[..(n * d)]));
        double memory = Resident.Now() - before;
        Say($"{storage}, {n:N0} x {d}: built in {built:F1} s ({n / built:N0} vectors/s), {memory:F0} MiB");

        Random random = new(3);
        int fresh = n;
        long newId = n;
        List<double> calm = [],
            busy = [];
        Watch(churned, queries, calm, () => Thread.Sleep(2000));
        Watch(
            churned,
            queries,
            busy,
            () =>
            {
                for (int round = 1; round <= Rounds; round++)
                {
                    long[] gone = [.. rows.Keys];
                    random.Shuffle(gone);
                    (long Old, long New, int Row)[] changes =
                    [
                        .. gone.Take(n / 10).Select((id, i) => (id, i % 2 == 0 ? id : newId++, fresh++)),
                    ];
                    double took = Timed(() =>
                        Parallel.ForEach(
                            changes,
                            change =>
                            {
                                if (change.Old != change.New)
                                    churned.Remove(change.Old);
                                churned.Add(change.New, all.Row(change.Row));
                            }
                        )
                    );
                    foreach ((long old, long now, int row) in changes)
                    {
                        rows.Remove(old);
                        rows[now] = row;
                    }

                    Say(
                        $"round {round}: {changes.Length:N0} replaced in {took:F1} s ({changes.Length / took:N0}/s), ",
                        $"{Resident.Now() - before:F0} MiB"
                    );
                }
            }
        );
        Say($"searches on one thread, alone: p50 {At(calm, 0.5):F2} p99 {At(calm, 0.99):F2} longest {calm[^1]:F1} ms");
        Say($"searches on one thread, meanwhile: p50 {At(busy, 0.5):F2} p99 {At(busy, 0.99):F2} longest {busy[^1]:F1} ms");

        long[] ids = [.. rows.Keys];
        float[] values = new float[(long)n * d];
        for (int i = 0; i < n; i++)
            all.Row(rows[ids[i]]).CopyTo(values.AsSpan(i * d));
        using HnswIndex anew = new(d, options);
        anew.AddRange(ids, values);
        int[][] truth = AnnData.Exact(new(d, values), queries);
        double[] after = [.. efs.Select(ef => Recall(churned, ids, truth, queries, ef))];
        GoRoundRemoved(churned);
        Console.WriteLine("| ef | recall@10 after replacing half | when all that was removed is gone round | of a fresh build |");
        Console.WriteLine("| --- | --- | --- | --- |");
        for (int i = 0; i < efs.Length; i++)
        {
            Say(
                $"| {efs[i]} | {after[i]:F4} | {Recall(churned, ids, truth, queries, efs[i]):F4} | ",
                $"{Recall(anew, ids, truth, queries, efs[i]):F4} |"
            );
        }

        return 0;
    }

    // Exporting consolidates deletes, because another program cannot mark nodes as deleted.
    private static void GoRoundRemoved(HnswIndex index)
    {
        string file = Path.GetTempFileName();
        FaissFile.WriteHnsw(file, index);
        File.Delete(file);
    }

    private static double Recall(HnswIndex index, long[] ids, int[][] truth, VectorTable queries, int ef)
    {
        int right = 0;
        for (int q = 0; q < queries.Count; q++)
        {
            HashSet<long> expected = [.. truth[q].Select(i => ids[i])];
            right += index.Search(queries.Row(q), TopK, new() { EfSearch = ef }).Count(hit => expected.Contains(hit.Id));
        }

        return (double)right / (queries.Count * TopK);
    }

    // Notes how long each search takes from the beginning of the work to its end.
    private static void Watch(HnswIndex index, VectorTable queries, List<double> times, Action work)
    {
        using CancellationTokenSource over = new();
        Thread watcher = new(() =>
        {
            for (int q = 0; !over.IsCancellationRequested; q = (q + 1) % queries.Count)
            {
                long began = Stopwatch.GetTimestamp();
                index.Search(queries.Row(q), TopK);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        });
        watcher.Start();
        work();
        over.Cancel();
        watcher.Join();
        times.Sort();
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(sorted.Count * share)];

    private static double Timed(Action work)
    {
        long began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Say(params FormattableString[] parts) =>
        Console.WriteLine(string.Concat(parts.Select(FormattableString.Invariant)));
}
