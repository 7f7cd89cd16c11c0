using System.Text;
using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

/// <summary>What the command says of a collection whose files are damaged: one line, the cure, exit code 1.</summary>
public sealed class DamagedCollectionTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Every_command_reports_a_missing_database_and_index_creates_no_new_one()
    {
        await IndexAsync();
        File.Delete(Path.Combine(_sextant.Folder, "faq.sextant/documents.db"));

        foreach (
            string[] command in (string[][])
                [
                    ["search", "faq.sextant", "refund"],
                    ["collection", "info", "faq.sextant"],
                    ["collection", "verify", "faq.sextant"],
                    ["index", "faq.jsonl", "--to", "faq.sextant"],
                ]
        )
        {
            CommandResult result = await _sextant.RunAsync(command);

            Assert.Equal(1, result.ExitCode);
            string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("documents.db is damaged: it is missing", line, StringComparison.Ordinal);
            Assert.Contains("sextant collection restore BACKUP ", line, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(_sextant.Folder, "faq.sextant/documents.db")));
    }

    [Fact]
    public async Task Suggested_command_works_when_copied()
    {
        await IndexAsync();
        await _sextant.RunAsync("collection", "backup", "faq.sextant", "faq.backup");
        File.WriteAllBytes(Path.Combine(_sextant.Folder, "faq.sextant/documents.db"), []);
        CommandResult damaged = await _sextant.RunAsync("search", "faq.sextant", "refund");
        int start = damaged.Error.IndexOf("sextant collection", StringComparison.Ordinal) + "sextant ".Length;
        string cure = damaged.Error[start..damaged.Error.IndexOf(')', start)];

        Assert.Equal(0, (await _sextant.RunAsync([.. cure.Replace("BACKUP", "faq.backup", StringComparison.Ordinal).Split(' ')])).ExitCode);

        Assert.Equal(0, (await _sextant.RunAsync("collection", "verify", "faq.sextant")).ExitCode);
    }

    [Fact]
    public async Task Verify_names_every_damaged_document_even_if_the_collection_does_not_open()
    {
        await IndexAsync();
        string database = Path.Combine(_sextant.Folder, "faq.sextant/documents.db");
        // Latin-1 keeps every byte.
        string bytes = File.ReadAllText(database, Encoding.Latin1);
        Assert.Contains("Refunds:", bytes, StringComparison.Ordinal);
        File.WriteAllText(database, bytes.Replace("Refunds:", "Reminds:", StringComparison.Ordinal), Encoding.Latin1);

        CommandResult verified = await _sextant.RunAsync("collection", "verify", "faq.sextant", "--json");

        Assert.Equal(1, verified.ExitCode);
        JsonElement report = JsonDocument.Parse(verified.Output).RootElement;
        Assert.False(report.GetProperty("ok").GetBoolean());
        Assert.Contains(
            report.GetProperty("problems").EnumerateArray(),
            problem => problem.GetString()!.Contains("does not match its checksum", StringComparison.Ordinal)
        );
        CommandResult found = await _sextant.RunAsync("search", "faq.sextant", "how do I get my money back");
        Assert.Equal((1, ""), (found.ExitCode, found.Output));
        Assert.Contains("does not match its checksum", found.Error, StringComparison.Ordinal);
    }

    private async Task IndexAsync()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        Assert.Equal(0, (await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant")).ExitCode);
    }
}
