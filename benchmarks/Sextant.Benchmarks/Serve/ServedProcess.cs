using System.Globalization;
using Sextant.Models;
using Sextant.Server;

namespace Sextant.Benchmarks.Serve;

/// <summary>The service in a separate process, on a free loopback port.</summary>
internal sealed class ServedProcess : IDisposable
{
    public const string Verb = "serve-process";

    private readonly ChildProcess _process;

    private ServedProcess(ChildProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Seconds of processor that it has taken.</summary>
    public double Used => _process.Used;

    public static async Task<int> RunAsync(string[] args)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Sextant:Collections"] = Directory.CreateDirectory(args[0]).FullName,
            ["Sextant:Urls"] = "http://127.0.0.1:0",
            ["Sextant:RequestsPerSecond"] = "0",
        };
        if (args is [_, { } warmUp])
            settings["Sextant:WarmUpSeconds"] = warmUp;
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

    public static ServedProcess Start(string collections, string? cores = null, int? warmUp = null)
    {
        var process = ChildProcess.Start(
            cores,
            warmUp is { } seconds ? [Verb, collections, seconds.ToString(CultureInfo.InvariantCulture)] : [Verb, collections]
        );
        return new(process, new(process.ReadLine()));
    }

    /// <summary>Waits until the service says that it is ready.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using HttpClient http = new() { BaseAddress = Address };
        while (true)
        {
            using HttpResponseMessage answer = await http.GetAsync("readyz");
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(20);
        }
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();
}
