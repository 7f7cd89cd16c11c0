using System.CommandLine;
using System.Diagnostics;
using Sextant.Training.Export;

namespace Sextant.Cli.Commands.Training;

/// <summary>
/// Training of transformers, which takes libtorch. The plain command does not carry it: <c>sextant-train-torch</c> is the same command with
/// a
/// <see cref="Trainer"/> in it, and is started where there is one.
/// </summary>
internal static class TransformerTraining
{
    private const string Program = "sextant-train-torch";

    /// <summary>Trains here; <see langword="null"/> in the plain command.</summary>
    public static TrainTransformer? Trainer { get; set; }

    /// <summary>Whether a model is a transformer's folder.</summary>
    public static bool IsFor(string model) => OnnxExporter.IsTransformer(model);

    /// <summary>Forwards the whole command line to the command that can train the model.</summary>
    /// <exception cref="InputException">That command is not installed; the message says how to get it.</exception>
    public static async Task<int> StartAsync(string model, ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] arguments = [.. parsed.Tokens.Select(static token => token.Value)];
        ProcessStartInfo start =
            Find()
            ?? throw new InputException(
                $"{model} is a transformer, and training it needs libtorch, which this command does not include; put {Program}, the "
                    + $"command "
                    + "that does (the tool Sextant.Training.Torch.Host), on the PATH, or train an adapter with --adapter linear"
            );
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new SextantException($"{start.FileName} does not start");
        // Ctrl-C reaches both; the other one saves its checkpoint and ends, and this one waits for it.
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Searches next to this program, then on the PATH.</summary>
    private static ProcessStartInfo? Find()
    {
        string name = OperatingSystem.IsWindows() ? Program + ".exe" : Program;
        string[] folders =
        [
            AppContext.BaseDirectory,
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        ];
        foreach (string folder in folders)
        {
            // A build is started with the same dotnet as this command; a tool has its own executable.
            if (File.Exists(Path.Combine(folder, Program + ".dll")))
            {
                return new ProcessStartInfo(
                    Environment.ProcessPath is { } dotnet && Path.GetFileNameWithoutExtension(dotnet) is "dotnet" ? dotnet : "dotnet",
                    [Path.Combine(folder, Program + ".dll")]
                );
            }

            if (File.Exists(Path.Combine(folder, name)))
                return new ProcessStartInfo(Path.Combine(folder, name));
        }

        return null;
    }
}
