using System.Diagnostics;
using Sextant.Benchmarks.Ann;

namespace Sextant.Benchmarks.Onnx;

/// <summary>A transformer of MiniLM's shape with random weights, which take as long as trained ones, in a temporary folder.</summary>
internal sealed class MadeTransformer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sextant-bench-").FullName;

    public string Make()
    {
        string peers = Contenders.PeersFolder();
        ProcessStartInfo start = new(
            Contenders.Python,
            [Path.Combine(peers, "make_transformer.py"), Path.Combine(peers, "../../models/sextant-small/tokenizer.json"), _folder]
        )
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process python = Process.Start(start)!;
        string complaints = python.StandardError.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode == 0
            ? _folder
            : throw new InputException(
                $"make_transformer.py failed ({complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()}); it needs "
                    + $"python3-torch"
            );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
