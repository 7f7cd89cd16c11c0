using System.Globalization;
using System.Text;
using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class IndexCommandTests : IDisposable
{
    private const int ManyDocuments = 80_000;

    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Second_index_run_adds_updates_skips_and_removes_documents()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        JsonElement first = await IndexAsync("faq.jsonl");
        _sextant.Write(
            "faq.jsonl",
            Faq.JsonLines.Replace("three to five", "two", StringComparison.Ordinal)
                .Replace("\"id\":\"password\"", "\"id\":\"new\"", StringComparison.Ordinal)
        );
        JsonElement second = await IndexAsync("faq.jsonl");

        Assert.Equal(
            ["collection", "added", "updated", "skipped", "removed", "total", "model", "dimensions", "seconds"],
            first.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal([3, 0, 0, 0, 3], Counts(first));
        Assert.Equal([1, 1, 1, 1, 3], Counts(second));
        Assert.Equal("sextant-small", second.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Files_with_equal_names_are_different_sources_and_one_file_is_the_same_source_from_any_folder()
    {
        _sextant.Write("repo1/README.md", "# Tool\n\n## Install\n\nRun apt install alpha.\n");
        _sextant.Write("repo2/README.md", "# Tool\n\n## Install\n\nRun brew install beta.\n");
        _sextant.Write("repo1/notes.txt", "shared paragraph\n\nonly in the first\n");
        _sextant.Write("repo2/notes.txt", "shared paragraph\n\nonly in the second\n");

        await IndexFromAsync([3, 0, 0, 0, 3], "repo1", "README.md", "notes.txt", "--to", "../kb");
        await IndexFromAsync([3, 0, 0, 0, 6], "repo2", "README.md", "notes.txt", "--to", "../kb");
        await IndexFromAsync([0, 0, 3, 0, 6], ".", "repo2", "--to", "kb");
        await IndexFromAsync([0, 0, 2, 0, 6], "repo2", "../repo1/notes.txt", "--to", "../kb");

        _sextant.Write("repo1/notes.txt", "only in the first\n\nand new\n");
        await IndexFromAsync([1, 0, 1, 1, 6], "repo1", "notes.txt", "--to", "../kb");
        CommandResult found = await _sextant.RunAsync("search", "kb", "shared paragraph", "-k", "1", "--min-score", "0.99");
        Assert.Contains("shared paragraph", found.Output, StringComparison.Ordinal);

        await IndexFromAsync([3, 0, 0, 0, 9], ".", "repo1", "--to", "kb", "--source-name", "first");
        Directory.Move(Path.Combine(_sextant.Folder, "repo1"), Path.Combine(_sextant.Folder, "moved"));
        await IndexFromAsync([0, 0, 3, 0, 9], "moved", ".", "--to", "../kb", "--source-name", "first");
    }

    [Fact]
    public async Task File_with_a_name_that_is_not_UTF_8_is_skipped_with_a_note()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "names are bytes there only");
        _sextant.Write("docs/a.txt", "one");
        await _sextant.RunProgramAsync(
            "sh",
            [
                "-c",
                "cd docs && printf x > \"$(printf 'caf\\351.txt')\" && mkdir \"$(printf 'd\\351')\" && printf y > \"$(printf "
                    + "'d\\351')/b.txt\"",
            ]
        );
        foreach (
            string[] command in (string[][])
                [
                    ["index", "docs", "--to", "c"],
                    ["search", "docs", "one"],
                ]
        )
        {
            CommandResult result = await _sextant.RunAsync(command);

            Assert.Equal(0, result.ExitCode);
            Assert.Contains("caf\\uFFFD.txt: the name is not UTF-8", result.Error, StringComparison.Ordinal);
            Assert.Contains("d\\uFFFD: the name is not UTF-8", result.Error, StringComparison.Ordinal);
        }

        // Nothing but a shell can remove what .NET cannot name.
        await _sextant.RunProgramAsync("rm", ["-r", "docs"]);
    }

    [Fact]
    public async Task Mostly_numeric_column_that_stays_text_is_noted_once()
    {
        _sextant.Write("a.csv", "text,isbn,score\na boat,12345678901234567890,0.6369616873214543\na ship,2,1\n");

        CommandResult result = await _sextant.RunAsync("index", "a.csv", "--to", "c");
        CommandResult found = await _sextant.RunAsync("search", "c", "boat", "--filter", "score >= 0 and isbn = '2'");

        Assert.Contains("a.csv: the column 'isbn' is read as text", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("a ship", found.Output, StringComparison.Ordinal);
    }

    /// <summary>Runs the command in a folder and compares what it counts: added, updated, skipped, removed, total.</summary>
    private async Task IndexFromAsync(long[] counts, string folder, params string[] arguments)
    {
        CommandResult result = await _sextant.RunProgramAsync(
            "sh",
            ["-c", "cd \"$1\" && shift && \"$@\"", "sh", folder, .. _sextant.CommandLine(["index", .. arguments, "--json"])]
        );
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(counts, Counts(JsonDocument.Parse(result.Output).RootElement));
    }

    [Fact]
    public async Task Interrupted_run_exits_with_130_and_the_next_run_completes_the_collection()
    {
        Assert.SkipWhen(
            SextantCommand.InterruptsAreIgnored,
            "whoever started the tests in the background lets them and what they start ignore interrupts"
        );
        StringBuilder rows = new();
        for (int i = 0; i < ManyDocuments; i++)
            rows.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{i}\",\"text\":\"document number {i} about subject {i % 97}\"}}\n");
        _sextant.Write("many.jsonl", rows.ToString());
        string database = Path.Combine(_sextant.Folder, "many.sextant", "documents.db");

        CommandResult interrupted = await _sextant.InterruptAsync(
            ["index", "many.jsonl", "--to", "many.sextant"],
            until: () => File.Exists(database)
        );
        CommandResult verified = await _sextant.RunAsync("collection", "verify", "many.sextant");
        JsonElement completed = await IndexAsync("many.jsonl", "many.sextant");

        Assert.Equal(130, interrupted.ExitCode);
        Assert.Empty(interrupted.Output);
        Assert.Contains("interrupted", interrupted.Error, StringComparison.Ordinal);
        Assert.Equal(0, verified.ExitCode);
        Assert.Equal(ManyDocuments, completed.GetProperty("total").GetInt64());
        Assert.Equal(ManyDocuments, completed.GetProperty("added").GetInt64() + completed.GetProperty("skipped").GetInt64());
    }

    [Fact]
    public async Task Storage_is_chosen_at_creation_and_does_not_change()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        CommandResult made = await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant", "--storage", "int8");
        CommandResult info = await _sextant.RunAsync("collection", "info", "faq.sextant", "--json");
        CommandResult other = await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant", "--storage", "bit");

        Assert.Equal(0, made.ExitCode);
        Assert.Equal("int8", JsonDocument.Parse(info.Output).RootElement.GetProperty("storage").GetString());
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("was created with --storage int8", other.Error, StringComparison.Ordinal);
        CommandResult elsewhere = await _sextant.RunAsync(
            "index",
            "faq.jsonl",
            "--to",
            "postgres://127.0.0.1:1/app#faq",
            "--storage",
            "int8"
        );
        Assert.Equal(2, elsewhere.ExitCode);
        Assert.Contains("--storage is for folders", elsewhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metric_is_chosen_at_creation_and_named_with_the_scores()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        CommandResult made = await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant", "--metric", "euclidean");
        CommandResult info = await _sextant.RunAsync("collection", "info", "faq.sextant", "--json");
        CommandResult found = await _sextant.RunAsync("search", "faq.sextant", "refund", "--min-score", "-2", "--json");
        CommandResult other = await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant", "--metric", "dot");

        Assert.Equal(0, made.ExitCode);
        Assert.Equal("euclidean", JsonDocument.Parse(info.Output).RootElement.GetProperty("metric").GetString());
        JsonElement results = JsonDocument.Parse(found.Output).RootElement;
        Assert.Equal("euclidean", results.GetProperty("score_kind").GetString());
        Assert.InRange(results.GetProperty("results")[0].GetProperty("score").GetDouble(), -2, 0);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("Euclidean distance", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_is_a_source()
    {
        CommandResult result = await _sextant.RunAsync(["index", "-", "--to", "piped.sextant", "--json"], Faq.JsonLines);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(3, JsonDocument.Parse(result.Output).RootElement.GetProperty("total").GetInt64());
    }

    private async Task<JsonElement> IndexAsync(string source, string collection = "faq.sextant")
    {
        CommandResult result = await _sextant.RunAsync("index", source, "--to", collection, "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(Assert.Single(result.Lines)).RootElement;
    }

    private static long[] Counts(JsonElement result) =>
        [.. new[] { "added", "updated", "skipped", "removed", "total" }.Select(name => result.GetProperty(name).GetInt64())];
}
