using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Sextant.Tests.Shared;

/// <summary>What one run of the command gave.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output, without the last, empty one.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the built <c>sextant</c> as a separate process, with its own cache and working folder.</summary>
public sealed class SextantCommand : IDisposable
{
    private const int Interrupt = 2;
    private const int Death = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly string Program = typeof(SextantCommand)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "SextantCli")
        .Value!;

    /// <summary>The working folder of every run; deleted at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("sextant-cli-").FullName;

    /// <summary>Environment variables of every run, in addition to those of this process.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The root of the checkout.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Program)!, "../../../.."));

    /// <summary>Writes a file into <see cref="Folder"/> and gives its full path.</summary>
    public string Write(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs the command to its end.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(arguments, input: null);

    /// <summary>Runs the command to its end with something on its standard input.</summary>
    public async Task<CommandResult> RunAsync(string[] arguments, string? input)
    {
        using Process process = Start(arguments, redirectInput: input is not null);
        return await FinishAsync(process, input);
    }

    /// <summary>Whether this process ignores SIGINT, and with it what it starts.</summary>
    public static bool InterruptsAreIgnored =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            is { } line
        && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & (1UL << (Interrupt - 1))) != 0;

    /// <summary>Runs the command, sends it SIGINT when <paramref name="until"/> returns true, and waits for its end.</summary>
    public Task<CommandResult> InterruptAsync(string[] arguments, Func<bool> until) => SignalAsync(Interrupt, arguments, until);

    /// <summary>Runs the command and kills it, like a power cut, when <paramref name="until"/> returns true.</summary>
    public Task<CommandResult> KillAsync(string[] arguments, Func<bool> until) => SignalAsync(Death, arguments, until);

    private async Task<CommandResult> SignalAsync(int signal, string[] arguments, Func<bool> until)
    {
        using Process process = Start(arguments, redirectInput: false);
        // On a separate thread, because on a busy machine pool threads start too late.
        await Task.Factory.StartNew(
            () =>
            {
                while (!until() && !process.WaitForExit(10)) { }
                if (!process.HasExited)
                    _ = Kill(process.Id, signal);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        return await FinishAsync(process, input: null);
    }

    /// <summary>The words that start the command with these arguments, for a shell to run.</summary>
    public string[] CommandLine(params string[] arguments) => ["dotnet", Program, .. arguments];

    /// <summary>Runs any program to its end, where the command would run.</summary>
    public async Task<CommandResult> RunProgramAsync(string program, string[] arguments, string? input = null)
    {
        using Process process = StartProgram(program, arguments, redirectInput: input is not null);
        return await FinishAsync(process, input);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Process Start(string[] arguments, bool redirectInput) => StartProgram("dotnet", [Program, .. arguments], redirectInput);

    private Process StartProgram(string program, string[] arguments, bool redirectInput)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            Environment = { ["SEXTANT_CACHE"] = Path.Combine(Folder, ".cache"), ["LANG"] = "de_DE.UTF-8" },
        };
        foreach ((string name, string value) in Environment)
            start.Environment[name] = value;
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static async Task<CommandResult> FinishAsync(Process process, string? input)
    {
        using var timeout = new CancellationTokenSource(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), timeout.Token);
            process.StandardInput.Close();
        }
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
