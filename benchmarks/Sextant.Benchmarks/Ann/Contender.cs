using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Sextant.Benchmarks.Ann;

/// <summary>A system that is measured: a process that answers each line with one JSON object (benchmarks/peers/README.md).</summary>
internal sealed class Contender : IDisposable
{
    private readonly Process _process;

    private Contender(Process process, string name, bool isOurs) => (_process, Name, IsOurs) = (process, name, isOurs);

    public string Name { get; }

    public bool IsOurs { get; }

    public JsonObject Built { get; private set; } = [];

    /// <summary>The measurements at each ef, and their recall.</summary>
    public SortedDictionary<int, JsonObject> Rows { get; } = [];

    /// <summary>Starts it, or says on the error stream why it takes no part.</summary>
    public static Contender? Start(string label, ProcessStartInfo start, bool isOurs)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            Process process = Process.Start(start)!;
            List<string> complaints = [];
            process.ErrorDataReceived += (_, line) =>
            {
                lock (complaints)
                {
                    if (!string.IsNullOrWhiteSpace(line.Data))
                        complaints.Add(line.Data);
                }
            };
            process.BeginErrorReadLine();
            if (process.StandardOutput.ReadLine() is { } hello)
                return new(process, (string)JsonNode.Parse(hello)!["system"]!, isOurs);
            process.WaitForExit();
            Console.Error.WriteLine($"{label}: takes no part ({complaints.LastOrDefault() ?? "it said nothing"})");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Console.Error.WriteLine($"{label}: takes no part ({e.Message})");
        }

        return null;
    }

    public void Build() => Built = Ask("build");

    /// <summary>Searches once; of several rounds the best figures are kept, as those least disturbed.</summary>
    public void Search(int ef, string idsFile, AnnData data)
    {
        JsonObject now = Ask(string.Create(CultureInfo.InvariantCulture, $"search {ef} {idsFile}"));
        int[] ids = new int[data.Queries.Count * 10];
        Buffer.BlockCopy(File.ReadAllBytes(idsFile), 0, ids, 0, ids.Length * sizeof(int));
        now["recall"] = data.Recall(ids);
        if (Rows.TryGetValue(ef, out JsonObject? before))
        {
            foreach ((string key, JsonNode? value) in before)
            {
                bool higherIsBetter = key.StartsWith("qps", StringComparison.Ordinal);
                double a = (double)value!,
                    b = (double)now[key]!;
                now[key] = higherIsBetter ? Math.Max(a, b) : Math.Min(a, b);
            }
        }

        Rows[ef] = now;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>Sends a line and waits for its answer.</summary>
    public JsonObject Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        string? answer = _process.StandardOutput.ReadLine();
        return answer is null ? throw new SextantException($"{Name} ended at '{line}'") : JsonNode.Parse(answer)!.AsObject();
    }
}
