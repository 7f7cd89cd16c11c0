using Sextant.Cli.Terminal;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Terminal;

/// <summary>Runs commands on a pseudo-terminal of a given width, as a person would.</summary>
public sealed class PseudoTerminalTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Tables_and_results_fit_the_terminal(int columns)
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        foreach (
            string[] arguments in (string[][])
                [
                    ["similarity", "The quick brown fox jumps", "A fast auburn fox leaps", "Python", "cat", "dog", "a car on the road"],
                    ["search", "faq.jsonl", "my money back"],
                    ["search", "faq.jsonl", "my money back", "--hybrid", "--explain"],
                    ["models"],
                    ["models", "show", "bge-m3"],
                    ["cost", "faq.jsonl"],
                    ["cache", "stats"],
                ]
        )
        {
            string[] lines = await RunAsync(columns, arguments);
            Assert.True(lines.Length > 0, string.Join(' ', arguments));
            // A path is longer than a line may be, and is never broken.
            Assert.All(
                lines.Where(line => !line.Contains(_sextant.Folder, StringComparison.Ordinal)),
                line => Assert.True(TextWrap.Columns(line) <= columns, $"{string.Join(' ', arguments)}: {line}")
            );
        }
    }

    [Fact]
    public async Task Results_use_the_full_width()
    {
        _sextant.Write("long.txt", string.Join(' ', Enumerable.Repeat("refund", 60)));
        string[] wide = await RunAsync(200, "search", "long.txt", "refund"),
            narrow = await RunAsync(60, "search", "long.txt", "refund");

        Assert.True(wide[0].Length > 190, wide[0]);
        Assert.StartsWith("            refund", narrow[1], StringComparison.Ordinal);
    }

    private async Task<string[]> RunAsync(int columns, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            Assert.Skip("needs script(1) for a pseudo-terminal");
        string command = string.Join(' ', _sextant.CommandLine(arguments).Select(static word => $"'{word}'"));
        CommandResult result = await _sextant.RunProgramAsync(
            "script",
            ["-qec", $"stty cols {columns}; {command} 2>/dev/null", "/dev/null"]
        );
        Assert.Equal(0, result.ExitCode);
        return result.Output.Replace("\r", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
