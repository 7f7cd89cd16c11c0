using System.Diagnostics;
using System.Globalization;
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
        return new(string.Create(CultureInfo.InvariantCulture, $"clustered {count:N0} x {dimensions}"), path, rows, null);
    }

    /// <summary>The 1,797 digits of scikit-learn, or nothing where that is not installed.</summary>
    public static UmapData? Digits(string folder)
    {
        string rows = Path.Combine(folder, "digits.fvecs"),
            labels = Path.Combine(folder, "digits.ivecs");
        using Process python = Process.Start(UmapPeers.Python("digits", rows, labels))!;
        python.WaitForExit();
        if (python.ExitCode == 0)
            return new("digits 1,797 x 64", rows, FvecsFile.Read(rows), FvecsFile.ReadInt32(labels).Values);
        Console.Error.WriteLine("digits: left out (they come with python3-sklearn)");
        return null;
    }
}
