using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests;

/// <summary>What happens where results or messages cannot be written: one line, exit code 1, and nothing half-written.</summary>
public sealed class UnwritableOutputTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    public static TheoryData<string> Commands =>
        new(
            "embed --input faq.jsonl",
            "embed hello --format npy",
            "embed hello --format parquet",
            "embed hello --format csv",
            "search faq.jsonl money",
            "search faq.jsonl money --json",
            "similarity a b",
            "similarity a b c --json",
            "index faq.jsonl --to c.sextant",
            "models",
            "models show sextant-small --json",
            "cost faq.jsonl",
            "cache stats",
            "cache clear --json",
            "evaluate --pairs pairs.csv --no-cache",
            "plot faq.jsonl -o map.svg",
            "train pairs.jsonl -o m --epochs 1",
            "--version",
            "--help",
            "search --help"
        );

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Full_disk_and_closed_output_are_one_line_errors_with_exit_code_1(string command)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        WriteInputs();
        foreach (string redirection in (string[])["> /dev/full", ">&-"])
        {
            CommandResult result = await ShellAsync(command, redirection);
            Assert.True(result.ExitCode == 1, $"{command} {redirection}: {result.ExitCode} {result.Error}");
            Assert.StartsWith(
                "sextant: standard output ",
                result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1],
                StringComparison.Ordinal
            );
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Unwritable_error_output_is_a_failure()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        WriteInputs();
        Assert.Equal(1, (await ShellAsync("search faq.jsonl money --min-score 0.999", "2> /dev/full")).ExitCode);
        Assert.Equal(1, (await ShellAsync("search faq.jsonl money --min-score 0.999", "2>&-")).ExitCode);
        CommandResult silent = await ShellAsync("similarity a b", "2>&-");
        Assert.Equal((0, 1), (silent.ExitCode, silent.Lines.Length));
    }

    [Fact]
    public async Task Results_are_appended_to_an_existing_file()
    {
        CommandResult result = await _sextant.RunProgramAsync(
            "sh",
            ["-c", "(echo before; \"$@\"; echo after) > out.txt && cat out.txt", "sh", .. _sextant.CommandLine("--version")]
        );
        Assert.Equal(3, result.Lines.Length);
        Assert.Equal(("before", "after"), (result.Lines[0], result.Lines[2]));
    }

    [Theory]
    [InlineData("embed --input big.txt -o out.jsonl")]
    [InlineData("embed --input big.txt -o out.npy")]
    [InlineData("embed --input big.txt -o out.csv")]
    [InlineData("plot big.txt -o out.svg")]
    public async Task Partially_written_file_is_removed(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no limit on the size of files here");
        WriteInputs();
        // Without this the runtime writes its code through a file, which the limit would hit first.
        _sextant.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        // The limit stands for a full disk: writing beyond it fails, once the signal that comes with it is ignored.
        CommandResult result = await _sextant.RunProgramAsync(
            "bash",
            ["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "bash", .. _sextant.CommandLine([.. command.Split(' '), "--no-cache"])]
        );
        Assert.True(result.ExitCode == 1, result.Error);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(Directory.GetFiles(_sextant.Folder, "*out*"));
    }

    private void WriteInputs()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        _sextant.Write("big.txt", string.Join('\n', Enumerable.Range(0, 300).Select(i => $"a line about the number {i}")));
        _sextant.Write("pairs.csv", "question,answer\nhow do I get my money back,we refund within a week\nwhen do you open,at nine\n");
        _sextant.Write(
            "pairs.jsonl",
            string.Join(
                '\n',
                Enumerable
                    .Range(0, 40)
                    .Select(i => $$"""{"anchor":"question {{i}}","positive":"answer {{i}}","negative":["no {{i}}","never {{i}}"]}""")
            )
        );
    }

    private Task<CommandResult> ShellAsync(string command, string redirection) =>
        _sextant.RunProgramAsync("sh", ["-c", $"\"$@\" {redirection}", "sh", .. _sextant.CommandLine(command.Split(' '))]);
}
