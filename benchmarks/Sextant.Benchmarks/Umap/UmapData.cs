using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sextant.Benchmarks.Ann;
using Sextant.Index.Interchange;

namespace Sextant.Benchmarks.Umap;

/// <summary>Rows to lay out, in a file that every system reads, and their labels where they have some.</summary>
internal sealed record UmapData(string Name, string File, VectorTable Rows, int[]? Labels)
{
    /// <summary>The user's own rows.</summary>
    public static UmapData Read(string path) => new(Path.GetFileName(path), Path.GetFullPath(path), FvecsFile.Read(path), null);

    /// <summary>The first rows of the clustered vectors of <c>ann</c>.</summary>
    public static UmapData Clustered(int count, int dimensions, string folder)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"clustered-{count}.fvecs"));
        VectorTable rows = new ClusteredVectors(dimensions).Draw(count, stream: 1);
        FvecsFile.Write(path, rows);
        int[] labels = ClusteredVectors.Labels(count, stream: 1);
        return new(string.Create(CultureInfo.InvariantCulture, $"clustered {count:N0} x {dimensions}"), path, rows, labels);
    }

    /// <summary>A set of scikit-learn, or nothing if that is not installed.</summary>
    public static UmapData? OfScikitLearn(string name, string folder)
    {
        string file = Path.Combine(folder, $"{name}.fvecs"),
            labels = Path.Combine(folder, $"{name}.ivecs");
        using Process python = Process.Start(UmapPeers.Python("data", name, file, labels))!;
        python.WaitForExit();
        if (python.ExitCode == 0)
        {
            VectorTable rows = FvecsFile.Read(file);
            return new(
                string.Create(CultureInfo.InvariantCulture, $"{name} {rows.Count:N0} x {rows.Dimensions}"),
                file,
                rows,
                FvecsFile.ReadInt32(labels).Values
            );
        }

        Console.Error.WriteLine($"{name}: left out (it comes with python3-sklearn)");
        return null;
    }

    /// <summary>The sentences of the almanac, embedded, with their topics; nothing outside of a checkout.</summary>
    public static UmapData? Almanac(string folder)
    {
        string texts = Path.Combine("examples", "almanac.jsonl");
        if (!System.IO.File.Exists(texts))
        {
            Console.Error.WriteLine($"{texts}: left out (run this in the root of a checkout)");
            return null;
        }

        JsonNode[] lines = [.. System.IO.File.ReadLines(texts).Select(line => JsonNode.Parse(line)!)];
        string[] topics = [.. lines.Select(line => (string)line["topic"]!)];
        string[] kinds = [.. topics.Distinct()];
        VectorTable rows = TextVectors.Embed([.. lines.Select(line => (string)line["text"]!)], model: null);
        string path = Path.Combine(folder, "almanac.fvecs");
        FvecsFile.Write(path, rows);
        return new(
            string.Create(CultureInfo.InvariantCulture, $"almanac {rows.Count:N0} x {rows.Dimensions}"),
            path,
            rows,
            [.. topics.Select(topic => Array.IndexOf(kinds, topic))]
        );
    }
}
