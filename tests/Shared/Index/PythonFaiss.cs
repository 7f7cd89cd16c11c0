using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Sextant.Tests.Shared.Index;

/// <summary>FAISS itself, as Debian's python3-faiss.</summary>
internal static class PythonFaiss
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> Installed = new(() => File.Exists(Python) && Run("import faiss, numpy").ExitCode == 0);

    public static void Require() => Assert.SkipUnless(Installed.Value, "python3-faiss is not installed");

    /// <summary>The ids of the nearest <paramref name="k"/> to each row of a .npy file in a FAISS file, as FAISS finds them.</summary>
    public static Task<long[][]> SearchAsync(string index, string queries, int k) =>
        Task.Run(() =>
        {
            (int exitCode, string output) = Run(
                "import faiss, json, numpy, sys; print(json.dumps(faiss.read_index(sys.argv[1]).search(numpy.load(sys.argv[2]), "
                    + "int(sys.argv[3]))[1].tolist()))",
                index,
                queries,
                k.ToString(CultureInfo.InvariantCulture)
            );
            Assert.Equal(0, exitCode);
            return JsonSerializer.Deserialize<long[][]>(output)!;
        });

    private static (int ExitCode, string Output) Run(string script, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Python, ["-c", script, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        error.Wait();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
