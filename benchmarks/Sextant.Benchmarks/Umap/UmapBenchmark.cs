using System.Globalization;
using System.Text.Json.Nodes;
using Sextant.Benchmarks.Ann;
using Sextant.Index.Interchange;

namespace Sextant.Benchmarks.Umap;

/// <summary>
/// <c>umap</c>: lays out the same rows with ours and with every installed peer, one after another, and reports time, memory and neighbor
/// preservation. Every system is a process that has laid out small sets as a warm-up (numba and .NET compile then).
/// </summary>
internal static class UmapBenchmark
{
    private const string Usage = """
        umap [--base FILE.fvecs] [--output FILE.fvecs] [--n 10000,50000,100000 --d 384] [--threads N] [--no-peers] [--json]
        Without a file, two sets of scikit-learn, the almanac and vectors like those of texts are laid out;
        peers are those that this machine has.
        """;

    // umap-js takes minutes beyond.
    private const int MostRowsForJs = 10_000;

    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        string folder = Directory.CreateTempSubdirectory("sextant-umap-").FullName;
        List<Contender> contenders = [];
        try
        {
            Arguments arguments = new(args);
            string? own = arguments.Text("--base"),
                output = arguments.Text("--output");
            int[] sizes = arguments.Numbers("--n", "10000,50000,100000");
            int dimensions = arguments.Number("--d", 384),
                threads = arguments.Number("--threads", Environment.ProcessorCount);
            bool json = arguments.Flag("--json"),
                peers = !arguments.Flag("--no-peers");
            arguments.RefuseOthers();
            if (output is not null && own is null)
                throw new InputException("--output: say with --base which rows to lay out");
            List<UmapData> sets = own is not null ? [UmapData.Read(own)] : Standard(sizes, dimensions, folder);
            contenders = UmapPeers.Start(threads, peers);
            WarmUp(contenders, dimensions, folder);
            foreach (UmapData data in sets)
            {
                foreach (
                    Contender contender in contenders.Where(c =>
                        !c.Name.StartsWith("umap-js", StringComparison.Ordinal) || data.Rows.Count <= MostRowsForJs
                    )
                )
                {
                    Measure(contender, data, contender.IsOurs ? output : null, folder, json);
                }
            }

            return 0;
        }
        catch (InputException e)
        {
            Console.Error.WriteLine($"{e.Message}\n{Usage}");
            return 2;
        }
        finally
        {
            contenders.ForEach(c => c.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<UmapData> Standard(int[] sizes, int dimensions, string folder)
    {
        List<UmapData> sets = [];
        UmapData?[] labeled =
        [
            UmapData.OfScikitLearn("digits", folder),
            UmapData.OfScikitLearn("breast_cancer", folder),
            UmapData.Almanac(folder),
        ];
        sets.AddRange(labeled.OfType<UmapData>());
        sets.AddRange(sizes.Select(size => UmapData.Clustered(size, dimensions, folder)));
        return sets;
    }

    // Below 4,096 rows umap-learn compares all rows, above it walks a graph: each way is compiled when it is first gone.
    private static void WarmUp(List<Contender> contenders, int dimensions, string folder)
    {
        foreach (int size in (int[])[500, 5000])
        {
            UmapData data = UmapData.Clustered(size, dimensions, folder);
            foreach (Contender contender in contenders)
            {
                Console.Error.WriteLine($"{contender.Name}: warming up on {size} rows");
                contender.Ask($"{data.File}\t{Path.Combine(folder, "warm.fvecs")}");
            }
        }
    }

    private static void Measure(Contender contender, UmapData data, string? output, string folder, bool json)
    {
        string target = output is null ? Path.Combine(folder, "layout.fvecs") : Path.GetFullPath(output);
        JsonObject took = contender.Ask($"{data.File}\t{target}");
        UmapScores scores = UmapScores.Of(data, FvecsFile.Read(target));
        JsonObject row = new()
        {
            ["system"] = contender.Name,
            ["data"] = data.Name,
            ["n"] = data.Rows.Count,
            ["d"] = data.Rows.Dimensions,
            ["trustworthiness"] = Math.Round(scores.Trustworthiness, 4),
            ["continuity"] = Math.Round(scores.Continuity, 4),
        };
        if (scores.KnnAccuracy is { } accuracy)
            row["knn_accuracy"] = Math.Round(accuracy, 4);
        foreach ((string key, JsonNode? value) in took)
            row[key] = Math.Round((double)value!, 3);
        Console.WriteLine(json ? row.ToJsonString() : Line(row));
    }

    private static string Line(JsonObject row) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(string)row["data"]!, -26}{(string)row["system"]!, -20}{(double)row["wall_s"]!, 8:N2} s{(double)row["cpu_s"]!, 8:N2} cpu "
                + $"s{(double)row["peak_rss_mb"]!, 8:N0} MiB"
                + $"  trustworthiness {(double)row["trustworthiness"]!:F4}  continuity "
                + $"{(double)row["continuity"]!:F4}{(row["knn_accuracy"] is { } a ? $"  5-NN {(double)a:F4}" : "")}"
        );
}
