using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class DistillCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    private static string Almanac => Path.Combine(SextantCommand.Repository, "examples", "almanac.jsonl");

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Json_has_a_line_per_epoch_and_one_with_scores_and_the_model_can_search()
    {
        CommandResult made = await _sextant.RunAsync(
            "distill",
            "sextant-small",
            Almanac,
            "-o",
            "student",
            "--vocabulary-size",
            "3000",
            "--epochs",
            "2",
            "--json"
        );
        Assert.True(made.ExitCode == 0, made.Error);
        JsonElement[] lines = [.. made.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([1, 2], lines[..^1].Select(line => line.GetProperty("epoch").GetInt32()));
        Assert.Equal("student", lines[^1].GetProperty("output").GetString());
        Assert.True(
            lines[^1].GetProperty("after").GetProperty("cosine").GetDouble()
                > lines[^1].GetProperty("before").GetProperty("cosine").GetDouble()
        );
        CommandResult found = await _sextant.RunAsync("search", Almanac, "poisonous to dogs", "-k", "1", "--model", "./student", "--json");
        Assert.Contains("animals-04", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_scores_are_printed_and_added_to_the_model_card()
    {
        _sextant.Write(
            "sts.tsv",
            "sentence1\tsentence2\tscore\na dog runs\ta dog is running\t5\na dog runs\tthe price of gold\t0\na boat sails\ta ship "
                + "sails\t4\nred wine\ta tax form\t1\n"
        );
        CommandResult made = await _sextant.RunAsync(
            "distill",
            "sextant-small",
            Almanac,
            "-o",
            "student",
            "--vocabulary-size",
            "3000",
            "--epochs",
            "1",
            "--evaluate",
            "sts.tsv"
        );
        Assert.True(made.ExitCode == 0, made.Error);
        string card = await File.ReadAllTextAsync(
            Path.Combine(_sextant.Folder, "student", "README.md"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("| sextant-small (teacher) |", card, StringComparison.Ordinal);
        Assert.Contains("| before training |", card, StringComparison.Ordinal);
        Assert.Contains("| after |", card, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_sextant.Folder, "student", "untrained")));
    }

    [Theory]
    [InlineData("missing.jsonl", "distill", "sextant-small", "missing.jsonl", "-o", "student")]
    [InlineData("--model", "distill", "sextant-small", "-o", "student", "--model", "sextant-small")]
    [InlineData("no such task", "distill", "sextant-small", "-o", "student", "--evaluate", "no-such-task")]
    [InlineData("no such model", "distill", "no-such-model", "-o", "student")]
    public async Task Bad_input_is_a_one_line_error_and_writes_nothing(string named, params string[] arguments)
    {
        CommandResult result = await _sextant.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(named.Split(' ')[^1], line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_sextant.Folder, "student")));
    }
}
