using System.Diagnostics;
using System.Reflection;
using Sextant.Tests.Shared;

namespace Sextant.Examples.Tests;

/// <summary>Runs the built programs of <c>examples</c> in a temporary folder.</summary>
internal sealed class Example : IDisposable
{
    private static readonly string Configuration = typeof(Example)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static a => a.Key == "Configuration")
        .Value!;

    private readonly SextantCommand _command = new();

    public Example()
    {
        Environment["LANG"] = "C.UTF-8";
        Environment["OPENAI_API_KEY"] = "";
    }

    public string Folder => _command.Folder;

    public Dictionary<string, string> Environment => _command.Environment;

    public static string File(string name) => Path.Combine(SextantCommand.Repository, "examples", name);

    /// <summary>Runs a program to its end.</summary>
    public async Task<CommandResult> RunAsync(string name, string[] arguments, string? input = null)
    {
        CommandResult result = await _command.RunProgramAsync("dotnet", [Program(name), .. arguments], input);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result;
    }

    /// <summary>Builds and runs a program that is one file.</summary>
    public async Task<CommandResult> RunFileAsync(string file, params string[] arguments)
    {
        CommandResult result = await _command.RunProgramAsync("dotnet", ["run", "-c", Configuration, File(file), "--", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result;
    }

    /// <summary>Starts a web application on a free port and returns it with its address.</summary>
    public async Task<(Process Process, Uri Address)> ServeAsync(string name, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program(name), "--urls", "http://127.0.0.1:0", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = Folder,
            Environment = { ["SEXTANT_CACHE"] = Path.Combine(Folder, ".cache") },
        };
        Process process = Process.Start(start)!;
        const string Listening = "Now listening on: ";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(Listening, StringComparison.Ordinal))
            {
                // The rest is read too: a full pipe would block the program.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return (process, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]));
            }
        }

        throw new InvalidOperationException($"{name} ended with {process.ExitCode} before it listened");
    }

    public void Dispose() => _command.Dispose();

    private static string Program(string name) =>
        Path.Combine(SextantCommand.Repository, "examples", name, "bin", Configuration, "net10.0", name + ".dll");
}
