using System.Globalization;
using System.Text.Json.Nodes;

namespace Sextant.Benchmarks.Ann;

/// <summary>Prints the results: a table for people, JSON Lines for programs.</summary>
internal static class AnnReport
{
    private static readonly double[] Levels = [0.90, 0.95, 0.98, 0.99, 0.999];

    public static void Table(IReadOnlyList<Contender> contenders, AnnData data, double kernelNs)
    {
        Say($"{data.Base.Count:N0} x {data.Base.Dimensions}, {data.Queries.Count} queries, k 10, {Environment.ProcessorCount} threads");
        Say($"{"system", -32}{"build/s", 9}{"build cpu s", 12}{"MiB", 8}{"B/vec mem", 11}{"B/vec disk", 11}{"save s", 8}{"open s", 8}");
        foreach (Contender c in contenders)
        {
            double bytes = (double)c.Built["rss_delta_mb"]! * (1 << 20) / data.Base.Count,
                disk = (double)c.Built["index_bytes"]! / data.Base.Count;
            Say(
                $"{c.Name, -32}{data.Base.Count / (double)c.Built["build_s"]!, 9:N0}{(double)c.Built["build_cpu_s"]!, 12:N1}"
                    + $"{(double)c.Built["rss_delta_mb"]!, 8:N0}{bytes, 11:N0}{disk, 11:N0}"
                    + $"{(double)c.Built["save_s"]!, 8:N2}{(double)c.Built["load_s"]!, 8:N3}"
            );
        }

        Say(
            $"\n{"system", -32}{"ef", 5}{"recall@10", 11}{"QPS 1t", 9}{"QPS all", 9}"
                + $"{"p50 us", 9}{"p99 us", 9}{"comparisons", 13}{"at limit", 10}"
        );
        foreach (Contender c in contenders)
        {
            foreach ((int ef, JsonObject row) in c.Rows)
            {
                // How many queries a second the comparisons alone would allow.
                string limit = row["evaluations"] is { } n
                    ? string.Create(CultureInfo.InvariantCulture, $"{(double)n, 13:N0}{1e9 / ((double)n * kernelNs), 10:N0}")
                    : "";
                Say(
                    $"{c.Name, -32}{ef, 5}{(double)row["recall"]!, 11:F4}{(double)row["qps_1t"]!, 9:N0}{(double)row["qps_mt"]!, 9:N0}"
                        + $"{(double)row["p50_us"]!, 9:N0}{(double)row["p99_us"]!, 9:N0}{limit}"
                );
            }
        }

        Say($"\none float32 comparison from memory: {kernelNs:N0} ns; \"at limit\" is the QPS of comparisons alone");
    }

    /// <summary>Queries a second of one thread's processor time at equal recall.</summary>
    public static void EqualRecalls(IReadOnlyList<Contender> contenders)
    {
        Say($"\n{"queries a second at recall@10", -32}{string.Concat(Levels.Select(static level => $"{level, 9:F3}"))}");
        foreach (Contender c in contenders)
            Say($"{c.Name, -32}{string.Concat(Levels.Select(level => At(c, level) is { } qps ? $"{qps, 9:N0}" : $"{"-", 9}"))}");
        Say("");
    }

    /// <summary>Ours against the best of the others, where both find the same share.</summary>
    public static void Ratios(IReadOnlyList<Contender> contenders)
    {
        Contender[] peers = [.. contenders.Where(c => !c.IsOurs)];
        if (peers.Length == 0)
            return;
        foreach (Contender ours in contenders.Where(c => c.IsOurs))
        {
            foreach (double level in Levels)
            {
                (string Name, double Qps) best = peers.Select(p => (p.Name, Qps: At(p, level) ?? 0)).MaxBy(p => p.Qps);
                Say(
                    At(ours, level) is { } own && best.Qps > 0
                        ? $"{ours.Name} at recall {level}: {own:N0} QPS, {own / best.Qps:F2} x {best.Name} ({best.Qps:N0})"
                        : $"{ours.Name} at recall {level}: not measured on both sides; widen --efs"
                );
            }

            Contender[] exact = [.. peers.Where(KeepsFloat32)];
            if (exact.Length == 0)
                continue;
            Contender builder = exact.MinBy(p => (double)p.Built["build_s"]!)!,
                smallest = exact.MinBy(p => (double)p.Built["rss_delta_mb"]!)!;
            Say(
                $"{ours.Name} build: {(double)builder.Built["build_s"]! / (double)ours.Built["build_s"]!:F2} x {builder.Name}; "
                    + $"memory: {(double)ours.Built["rss_delta_mb"]! / (double)smallest.Built["rss_delta_mb"]!:F2} x {smallest.Name}"
            );
        }
    }

    public static void Json(string path, IReadOnlyList<Contender> contenders, AnnOptions options, AnnData data)
    {
        using StreamWriter writer = new(path);
        foreach (Contender c in contenders)
        {
            foreach ((int ef, JsonObject row) in c.Rows)
            {
                JsonObject line = new()
                {
                    ["system"] = c.Name,
                    ["n"] = data.Base.Count,
                    ["d"] = data.Base.Dimensions,
                    ["metric"] = "cosine",
                    ["M"] = options.M,
                    ["efc"] = options.EfConstruction,
                    ["build_threads"] = Environment.ProcessorCount,
                    ["build_vps"] = Math.Round(data.Base.Count / (double)c.Built["build_s"]!, 1),
                    ["ef"] = ef,
                    ["k"] = 10,
                    ["mt_threads"] = Environment.ProcessorCount,
                };
                foreach ((string key, JsonNode? value) in c.Built.Concat(row))
                    line[key] = key == "index_bytes" ? value!.DeepClone() : Math.Round((double)value!, 5);
                writer.WriteLine(line.ToJsonString());
            }
        }
    }

    // One that stores less builds faster and smaller by losing what it cannot get back.
    private static bool KeepsFloat32(Contender peer) =>
        !peer.Name.EndsWith("i8", StringComparison.Ordinal) && !peer.Name.EndsWith("f16", StringComparison.Ordinal);

    // Processor time: another program on the machine makes a query wait, but does not make it work longer.
    private static double? At(Contender c, double recall) =>
        EqualRecall.Qps(c.Rows.Values.Select(row => ((double)row["recall"]!, (double)row["qps_1t_cpu"]!)), recall);

    private static void Say(string line) => Console.WriteLine(line);
}
