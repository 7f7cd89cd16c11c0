using System.Diagnostics;
using Sextant.Cli;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Transformers;
using Sextant.Training.Tests;
using Sextant.Training.Torch.Native;

namespace Sextant.Training.Torch.Tests;

public sealed class TrainTransformerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Command_starts_the_transformer_trainer_next_to_it_or_on_the_path(bool beside)
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        using var folder = new TemporaryFolder();
        TinyTransformer.Write(folder.File("base"), "bert");
        string command = beside ? AppContext.BaseDirectory : CopyWithoutTrainer(folder.File("command"));
        (int code, string error) = await RunAsync(
            command,
            beside ? "" : AppContext.BaseDirectory,
            "train",
            folder.Write("pairs.tsv", ToyData.Lines),
            "--model",
            folder.File("base"),
            "-o",
            folder.File("tuned"),
            "--epochs",
            "1",
            "--lora",
            "2",
            "--threads",
            "1"
        );
        Assert.True(code == 0, error);
        Assert.True(File.Exists(Path.Combine(folder.File("tuned"), "onnx", "model.onnx")));
        Assert.Contains(
            "by changes of rank 2",
            File.ReadAllText(Path.Combine(folder.File("tuned"), "README.md")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Command_without_the_transformer_trainer_reports_it_without_repository_paths()
    {
        using var folder = new TemporaryFolder();
        TinyTransformer.Write(folder.File("base"), "bert");
        (int code, string error) = await RunAsync(
            CopyWithoutTrainer(folder.File("command")),
            "",
            "train",
            folder.Write("pairs.tsv", ToyData.Lines),
            "--model",
            folder.File("base"),
            "-o",
            folder.File("tuned")
        );
        Assert.Equal(2, code);
        Assert.Contains("sextant-train-torch", error, StringComparison.Ordinal);
        Assert.DoesNotContain("src/", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_messages_name_no_option_or_command() =>
        Assert.Empty(CommandWords.Find(typeof(TransformerTrainer).Assembly.Location));

    private static string CopyWithoutTrainer(string target)
    {
        string source = Path.GetDirectoryName(typeof(SextantProgram).Assembly.Location)!;
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(source, file);
            if (!name.StartsWith("sextant-train-torch", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(target, name))!);
                // The program's own files are copied, since dotnet looks for all others where these really are.
                if (name.StartsWith("Sextant.Cli", StringComparison.Ordinal))
                {
                    File.Copy(file, Path.Combine(target, name));
                }
                else
                {
                    File.CreateSymbolicLink(Path.Combine(target, name), file);
                }
            }
        }

        return target;
    }

    private static async Task<(int Code, string Error)> RunAsync(string folder, string path, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "Sextant.Cli.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = path + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
