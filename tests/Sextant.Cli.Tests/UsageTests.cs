using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Theory]
    [InlineData("--jsn", "did you mean '--json'?")]
    [InlineData("search a b --modle y", "did you mean '--model'?")]
    [InlineData("search a --modle y", "unknown option '--modle'; did you mean '--model'?")]
    [InlineData("embed x --modle y", "unknown option '--modle'; did you mean '--model'?")]
    [InlineData("embed x --modle=y", "unknown option '--modle'; did you mean '--model'?")]
    [InlineData("cost --zzz", "unknown option '--zzz'; see 'sextant cost --help'")]
    [InlineData("--dimensions 0", "--dimensions must be a whole number of at least 1, not '0'")]
    [InlineData("--dimensions many", "--dimensions must be a whole number of at least 1, not 'many'")]
    [InlineData("", "a command is missing")]
    public async Task Invalid_command_line_is_one_line_on_stderr_with_exit_code_2(string arguments, string says)
    {
        CommandResult result = await _sextant.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("similarity -- --modle --model")]
    [InlineData("similarity --quiet --", "--modle", "--model")]
    [InlineData("similarity", "--two words", "---")]
    public async Task Texts_may_begin_like_options(string command, params string[] texts)
    {
        CommandResult result = await _sextant.RunAsync([.. command.Split(' '), .. texts]);

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Theory]
    [InlineData("plot", 1, "refused")]
    [InlineData("collection info", 1, "refused")]
    [InlineData("cost", 2, "no such file")]
    [InlineData("evaluate", 2, "unknown task")]
    [InlineData("collection info this", 2, "unexpected argument")]
    public async Task Error_does_not_repeat_the_password_of_a_location(string command, int exitCode, string says)
    {
        const string Location = "postgres://me:s3c@zzyzx@127.0.0.1:1/app?password=zzyzx#docs";

        CommandResult result = await _sextant.RunAsync([.. command.Split(' '), Location]);

        Assert.True(result.ExitCode == exitCode, result.Error);
        Assert.Contains(says, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("zzyzx", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_prints_a_name_and_a_number()
    {
        CommandResult result = await _sextant.RunAsync("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^sextant \d+\.\d+\.\d+\S*\n$", result.Output);
    }
}
