using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sextant.Index.Interchange;
using Sextant.Umap;

namespace Sextant.Benchmarks.Umap;

/// <summary>
/// Our UMAP behind the peers' protocol, in a separate process, so that memory is measured separately and all are treated alike.
/// </summary>
internal static class UmapOwn
{
    public const string Verb = "umap-contender";

    public static int Run(string[] args)
    {
        int threads = args is [string given] ? int.Parse(given, CultureInfo.InvariantCulture) : -1;
        Say(new { system = "sextant" });
        while (Console.ReadLine() is { } line)
        {
            string[] files = line.Split('\t');
            VectorTable rows = FvecsFile.Read(files[0]);
            TimeSpan used = Environment.CpuUsage.TotalTime;
            long began = Stopwatch.GetTimestamp();
            UmapModel model = UmapModel.Fit(rows.Rows, rows.Dimensions, new() { MaxDegreeOfParallelism = threads });
            double wall = Stopwatch.GetElapsedTime(began).TotalSeconds,
                cpu = (Environment.CpuUsage.TotalTime - used).TotalSeconds;
            FvecsFile.Write(files[1], new(model.Options.Components, model.Embedding));
            using var self = Process.GetCurrentProcess();
            Say(
                new
                {
                    wall_s = wall,
                    cpu_s = cpu,
                    peak_rss_mb = self.PeakWorkingSet64 / (double)(1 << 20),
                }
            );
        }

        return 0;
    }

    private static void Say(object row) => Console.WriteLine(JsonSerializer.Serialize(row));
}
