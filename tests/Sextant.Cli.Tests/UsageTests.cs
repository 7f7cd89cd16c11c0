namespace Sextant.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Theory]
    [InlineData("--jsn", "did you mean '--json'?")]
    [InlineData("--dimensions 0", "--dimensions wants a whole number from 1 up, not '0'")]
    [InlineData("--dimensions many", "--dimensions wants a whole number from 1 up, not 'many'")]
    [InlineData("", "a command is missing")]
    public async Task A_wrong_command_line_is_one_line_on_stderr_and_exit_code_2(string arguments, string says)
    {
        CommandResult result = await _sextant.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Version_is_a_name_and_a_number()
    {
        CommandResult result = await _sextant.RunAsync("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^sextant \d+\.\d+\.\d+\S*\n$", result.Output);
    }
}
