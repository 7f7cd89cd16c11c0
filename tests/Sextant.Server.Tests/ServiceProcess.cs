using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests;

/// <summary>
/// The built <c>sextant serve</c> as a separate process on a free loopback port, with folders that are deleted at the end.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly bool _ownsFolder;
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private bool _told;

    private ServiceProcess(Process process, string folder, bool ownsFolder)
    {
        (_process, Folder, _ownsFolder) = (process, folder, ownsFolder);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    public static string Program { get; } = Metadata("SextantCli");

    public string Folder { get; }

    public Uri Url { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Bytes of memory that the service holds.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static string Metadata(string key) =>
        typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    public static async Task<ServiceProcess> StartAsync(
        string? folder = null,
        IReadOnlyDictionary<string, string>? settings = null,
        string url = "http://127.0.0.1:0",
        int? largestFileKilobytes = null
    )
    {
        string own = folder ?? Directory.CreateTempSubdirectory("sextant-serve-").FullName;
        ServiceProcess service = new(Launch(own, settings, url, largestFileKilobytes), own, folder is null);
        string? line = await service._process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (line is null)
        {
            await service._process.WaitForExitAsync();
            string log = service.Log;
            await service.DisposeAsync();
            throw new InvalidOperationException($"exit code {service.ExitCode}: {log}");
        }

        service.Url = new(line.Split(' ')[3]);
        service.Http = new() { BaseAddress = service.Url, Timeout = Patience };
        return service;
    }

    public int ExitCode { get; private set; } = -1;

    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<JsonNode> AddAsync(string collection, params object[] documents)
    {
        HttpResponseMessage answer = await Http.PostAsJsonAsync($"/v1/collections/{collection}/documents", new { documents });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public async Task CreateAsync(string collection) =>
        (await Http.PutAsync($"/v1/collections/{collection}", null)).EnsureSuccessStatusCode();

    public async Task<(int Status, JsonNode Error)> RefusedAsync(Task<HttpResponseMessage> request)
    {
        HttpResponseMessage answer = await request;
        JsonNode body = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.NotNull(body["error"]);
        Assert.Equal(["message", "type", "param", "code"], body["error"]!.AsObject().Select(pair => pair.Key));
        return ((int)answer.StatusCode, body["error"]!);
    }

    public void UseKey(string key) => Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

    public void Kill() => _process.Kill();

    /// <summary>Sends SIGTERM.</summary>
    public void Tell()
    {
        _told = true;
        _ = SendSignal(_process.Id, Terminate);
    }

    /// <summary>Sends SIGTERM, unless that was done, since a second one would end it at once; and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited && !_told)
            Tell();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        ExitCode = _process.ExitCode;
        _process.Dispose();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private static Process Launch(string folder, IReadOnlyDictionary<string, string>? settings, string url, int? largestFileKilobytes)
    {
        Directory.CreateDirectory(Path.Combine(folder, "collections"));
        string[] command = ["dotnet", Program, "serve", "--collections", Path.Combine(folder, "collections"), "--urls", url];
        // A write beyond the limit fails like one to a full disk, without a separate disk.
        if (largestFileKilobytes is { } most)
            command = ["bash", "-c", $"trap '' XFSZ; ulimit -f {most}; exec \"$@\"", "bash", .. command];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            Environment = { ["SEXTANT_CACHE"] = Path.Combine(folder, ".cache"), ["SEXTANT_WARM_UP_SECONDS"] = "0" },
        };
        // The runtime keeps compiled code in a file of memory, which the limit would count.
        if (largestFileKilobytes is not null)
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach ((string name, string value) in settings ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
