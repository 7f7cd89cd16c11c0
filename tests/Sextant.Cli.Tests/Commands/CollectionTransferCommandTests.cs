using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class CollectionTransferCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task FAISS_export_and_import_preserve_graph_and_texts()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");

        Assert.Equal(
            0,
            (await _sextant.RunAsync("collection", "export", "faq.sextant", "-o", "faq.faiss", "--texts", "texts.jsonl")).ExitCode
        );
        CommandResult imported = await _sextant.RunAsync(
            "collection",
            "import",
            "faq.faiss",
            "--to",
            "back.sextant",
            "--texts",
            "texts.jsonl",
            "--model",
            "sextant-small",
            "--json"
        );

        Assert.Equal(0, imported.ExitCode);
        Assert.True(JsonDocument.Parse(imported.Lines[0]).RootElement.GetProperty("kept_graph").GetBoolean());
        Assert.Equal(
            (await _sextant.RunAsync("search", "faq.sextant", "how do I get my money back")).Output,
            (await _sextant.RunAsync("search", "back.sextant", "how do I get my money back")).Output
        );
    }

    [Theory]
    [InlineData("vectors.txt", "choose one of jsonl, parquet, npy, fvecs, ivecs, faiss and faiss-flat (--format)")]
    [InlineData("vectors.npy", "not a NumPy array")]
    [InlineData("vectors.faiss", "not a FAISS file")]
    public async Task Failed_import_is_a_one_line_error_and_creates_no_collection(string name, string reason)
    {
        _sextant.Write(name, "this is neither of them");

        CommandResult result = await _sextant.RunAsync("collection", "import", name, "--to", "c.sextant");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_sextant.Folder, "c.sextant")));
    }
}
