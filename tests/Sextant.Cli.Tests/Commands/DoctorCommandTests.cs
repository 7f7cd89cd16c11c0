using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Sound_collection_has_no_problem()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");

        CommandResult checkedResult = await _sextant.RunAsync("doctor", "faq.sextant", "--json");
        JsonElement[] findings = [.. checkedResult.Lines.Select(static line => JsonDocument.Parse(line).RootElement)];

        Assert.Equal(0, checkedResult.ExitCode);
        Assert.Equal(
            ["model", "version", "clock", "disk", "memory", "documents", "recall"],
            findings.Select(static one => one.GetProperty("check").GetString())
        );
        Assert.All(findings, static one => Assert.NotEqual("problem", one.GetProperty("severity").GetString()));
        Assert.Equal("recall@10 1.000", findings[^1].GetProperty("message").GetString());
    }

    [Fact]
    public async Task Damaged_document_is_a_problem_with_advice()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");
        string database = Path.Combine(_sextant.Folder, "faq.sextant", "documents.db");
        byte[] bytes = await File.ReadAllBytesAsync(database, TestContext.Current.CancellationToken);
        int at = bytes.AsSpan().IndexOf("Refunds"u8);
        bytes[at] = (byte)'X';
        await File.WriteAllBytesAsync(database, bytes, TestContext.Current.CancellationToken);

        CommandResult result = await _sextant.RunAsync("doctor", "faq.sextant");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("problem  ", result.Output, StringComparison.Ordinal);
        Assert.Contains("restore a backup", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "nowhere", "nowhere")]
    [InlineData(1, "http://127.0.0.1:9", "start the service, or check the address")]
    public async Task Missing_target_is_an_error(int exitCode, string target, string words)
    {
        CommandResult result = await _sextant.RunAsync("doctor", target);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(words, result.Output + result.Error, StringComparison.Ordinal);
    }
}
