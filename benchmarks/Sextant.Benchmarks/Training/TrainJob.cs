using System.Diagnostics;
using System.Text.Json;
using Sextant.Training.Numerics;

namespace Sextant.Benchmarks.Training;

/// <summary>
/// The training data: texts of 8 to 16 token ids, and texts of up to 40 or the requested number, distributed like words of a language, a
/// few frequent and most of them rare.
/// </summary>
internal sealed class TrainJob
{
    public TrainJob(
        string kind,
        int rows,
        int columns,
        int batch,
        int threads,
        int warm,
        int pairs,
        int layers = 2,
        int heads = 2,
        int tokens = 40
    )
    {
        (Kind, Rows, Columns, Batch, Threads, Warm, Pairs) = (kind, rows, columns, batch, threads, warm, pairs);
        (Layers, Heads) = (layers, heads);
        var random = new SeededRandom(7);
        (Anchors, Positives) = (Draw(ref random, 8, 16), Draw(ref random, tokens / 2, tokens));
    }

    public string Kind { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Batch { get; }

    public int Threads { get; }

    public int Warm { get; }

    public int Pairs { get; }

    public int Layers { get; }

    public int Heads { get; }

    public int[][] Anchors { get; }

    public int[][] Positives { get; }

    /// <summary>The same with PyTorch, where the machine has it.</summary>
    public IEnumerable<(string System, TrainSpeed Speed)> RunPeers()
    {
        string script = Path.Combine(Repository(), "benchmarks/peers/train_peers.py"),
            file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                file,
                JsonSerializer.Serialize(
                    new
                    {
                        kind = Kind,
                        rows = Rows,
                        columns = Columns,
                        batch = Batch,
                        threads = Threads,
                        warm = Warm,
                        layers = Layers,
                        heads = Heads,
                        anchors = Anchors,
                        positives = Positives,
                    }
                )
            );
            string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
            ProcessStartInfo start = new(python, [script, file]) { RedirectStandardOutput = true, UseShellExecute = false };
            // This is faster: if its matrix products have separate threads, OpenMP's threads would spin against them.
            start.Environment.TryAdd("OMP_WAIT_POLICY", "PASSIVE");
            using Process process = Process.Start(start)!;
            string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            return
            [
                .. lines
                    .Select(static line => JsonDocument.Parse(line).RootElement)
                    .Select(static result =>
                        (
                            result.GetProperty("system").GetString()!,
                            new TrainSpeed(
                                result.GetProperty("pairs_per_s").GetDouble(),
                                result.GetProperty("pairs_per_processor_s").GetDouble()
                            )
                        )
                    ),
            ];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private int[][] Draw(ref SeededRandom random, int least, int most)
    {
        int[][] texts = new int[Pairs][];
        for (int i = 0; i < Pairs; i++)
        {
            texts[i] = new int[least + random.Next(most - least + 1)];
            foreach (ref int token in texts[i].AsSpan())
            {
                // Log-uniform ranks are near to Zipf's law.
                token = Math.Min(Rows - 1, (int)MathF.Exp(random.NextSingle() * MathF.Log(Rows)));
            }
        }

        return texts;
    }

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sextant.slnx")))
        {
            folder =
                Path.GetDirectoryName(folder) ?? throw new InputException("run this within the repository: the peers' scripts lie there");
        }

        return folder;
    }
}
