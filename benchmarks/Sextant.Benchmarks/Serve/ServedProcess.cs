using System.Diagnostics;
using Sextant.Models;
using Sextant.Server;

namespace Sextant.Benchmarks.Serve;

/// <summary>The service in a separate process, on a free loopback port.</summary>
internal sealed class ServedProcess : IDisposable
{
    public const string Verb = "serve-process";

    private readonly Process _process;

    private ServedProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Seconds of processor that it has taken.</summary>
    public double Used
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public static async Task<int> RunAsync(string[] args)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Sextant:Collections"] = Directory.CreateDirectory(args[0]).FullName,
            ["Sextant:Urls"] = "http://127.0.0.1:0",
            ["Sextant:RequestsPerSecond"] = "0",
        };
        using CancellationTokenSource end = new();
        Task service = SextantServer.RunAsync(
            settings,
            ModelRegistry.Default,
            [],
            addresses => Console.WriteLine(addresses.First()),
            end.Token
        );
        // The parent process closes its input to end it. The read blocks a thread; a service that cannot start ends without it.
        await Task.WhenAny(service, Task.Run(Console.In.ReadToEnd));
        await end.CancelAsync();
        await service;
        return 0;
    }

    public static ServedProcess Start(string collections)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [Verb, collections])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        Process process = Process.Start(start)!;
        return new(process, new(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the service did not start")));
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
