using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests;

/// <summary>What the first screen of the README shows is what happens.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task The_first_command_finds_the_refund_answer_first()
    {
        string corpus = Path.Combine(SextantCommand.Repository, "examples", "faq.jsonl");

        CommandResult result = await _sextant.RunAsync("search", corpus, "how do I get my money back");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("refund", result.Lines[0], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("money", result.Lines[0], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("search")]
    [InlineData("index")]
    [InlineData("embed")]
    [InlineData("similarity")]
    [InlineData("train")]
    [InlineData("collection backup")]
    [InlineData("cache prune")]
    public async Task Every_command_has_examples(string command)
    {
        CommandResult result = await _sextant.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"Examples:\n  sextant {command}", result.Output, StringComparison.Ordinal);
    }
}
