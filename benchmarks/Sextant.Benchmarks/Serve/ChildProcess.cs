using System.Diagnostics;

namespace Sextant.Benchmarks.Serve;

/// <summary>This program again, with another verb, on some of the processor's cores. It ends when its input is closed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Seconds of processor that it has taken.</summary>
    public double Used
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <param name="cores">The cores, as <c>taskset -c</c> takes them; all when <see langword="null"/>.</param>
    /// <param name="args">The verb and its arguments.</param>
    public static ChildProcess Start(string? cores, params IEnumerable<string> args)
    {
        // taskset replaces itself by the program, so that the number of the process stays.
        string[] command = [.. cores is null ? (string[])[] : ["taskset", "-c", cores], Environment.ProcessPath!, .. args];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return new(Process.Start(start)!);
    }

    public string ReadLine() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the process has ended");

    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the process has ended");
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
