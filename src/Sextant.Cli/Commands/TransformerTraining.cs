using System.CommandLine;
using System.Diagnostics;
using Sextant.Training.Export;
using Sextant.Training.FineTuning;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands;

/// <summary>
/// Training of transformers, which takes libtorch. The plain command does not carry it: <c>sextant-train-torch</c> is the same command with a
/// <see cref="Trainer"/> in it, and is started where there is one.
/// </summary>
internal static class TransformerTraining
{
    private const string Program = "sextant-train-torch";

    public delegate FineTuningReport Train(
        string[] files, string model, string output, int loraRank, string device, FineTuningOptions options, TrainingRunOptions run,
        CancellationToken cancellationToken);

    /// <summary>Trains here; <see langword="null"/> in the plain command.</summary>
    public static Train? Trainer { get; set; }

    /// <summary>Whether a model is a transformer's folder.</summary>
    public static bool IsFor(string model) => OnnxExporter.IsTransformer(model);

    /// <summary>Hands the whole command line to the command that can train it.</summary>
    /// <exception cref="InputException">There is none; the message says how to get it.</exception>
    public static async Task<int> StartAsync(string model, ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] arguments = [.. parsed.Tokens.Select(static token => token.Value)];
        ProcessStartInfo start = Find() ?? throw new InputException(
            $"{model} is a transformer, and training one takes libtorch, which this command does not carry; build the command that does with "
            + $"'dotnet build -c Release src/Sextant.Training.Torch' and put {Program} on the PATH, or train over the model as it is with --adapter linear");
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new SextantException($"{start.FileName} does not start");
        // Ctrl-C reaches both; the other one saves its checkpoint and ends, and this one waits for it.
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Beside this program, where this repository builds it, or on the PATH.</summary>
    private static ProcessStartInfo? Find()
    {
        string here = AppContext.BaseDirectory;
        string built = Path.GetFullPath(Path.Combine(here, "../../../Sextant.Training.Torch/bin", Path.GetFileName(here.TrimEnd('/', '\\')), Program + ".dll"));
        foreach (string library in (string[])[Path.Combine(here, Program + ".dll"), built])
        {
            if (File.Exists(library))
                return new ProcessStartInfo("dotnet", [library]);
        }

        string name = OperatingSystem.IsWindows() ? Program + ".exe" : Program;
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return found is null ? null : new ProcessStartInfo(found);
    }
}
