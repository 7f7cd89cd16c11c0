using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class CollectionReembedCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Collection_is_reembedded_at_other_dimensions_and_back_and_old_vectors_are_dropped()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");

        JsonElement moved = await JsonAsync("reembed", "faq.sextant", "--dimensions", "64", "--json");
        JsonElement info = await JsonAsync("info", "faq.sextant", "--json");
        CommandResult found = await _sextant.RunAsync("search", "faq.sextant", "how do I get my money back", "-k", "1");
        CommandResult indexed = await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant", "--json");
        JsonElement back = await JsonAsync("reembed", "faq.sextant", "--rollback", "--json");
        CommandResult dropped = await _sextant.RunAsync("collection", "reembed", "faq.sextant", "--drop-old");
        CommandResult again = await _sextant.RunAsync("collection", "reembed", "faq.sextant", "--rollback");

        Assert.Equal(
            (3, 3, 0, 64),
            (Number(moved, "documents"), Number(moved, "embedded"), Number(moved, "kept"), Number(moved, "dimensions"))
        );
        Assert.Equal((64, "sextant-small"), (Number(info, "dimensions"), info.GetProperty("previous_model").GetString()));
        Assert.Contains("Refunds:", found.Output, StringComparison.Ordinal);
        Assert.Contains("\"skipped\":3", indexed.Output, StringComparison.Ordinal);
        Assert.Equal((0, 3), (Number(back, "embedded"), Number(back, "kept")));
        Assert.Equal(0, dropped.ExitCode);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("has no vectors", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reembedding_over_the_cost_limit_fails_and_changes_nothing()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");

        CommandResult refused = await _sextant.RunAsync(
            "collection",
            "reembed",
            "faq.sextant",
            "--model",
            "openai:text-embedding-3-large",
            "--max-cost",
            "0.000001"
        );

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("nothing was sent", refused.Error, StringComparison.Ordinal);
        JsonElement info = await JsonAsync("info", "faq.sextant", "--json");
        Assert.Equal("sextant-small", info.GetProperty("model").GetString());
        Assert.False(info.TryGetProperty("next_model", out _));
    }

    [Theory]
    [InlineData("name the model")]
    [InlineData("use one of them", "--rollback", "--drop-old")]
    [InlineData("use one of them", "--model", "sextant-small", "--rollback")]
    [InlineData("already", "--model", "sextant-small")]
    [InlineData("nothing to give up", "--abandon")]
    [InlineData("unknown model", "--model", "no-such-model")]
    public async Task Invalid_reembedding_is_a_one_line_error(string says, params string[] flags)
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");

        CommandResult result = await _sextant.RunAsync(["collection", "reembed", "faq.sextant", .. flags]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        CommandResult result = await _sextant.RunAsync(["collection", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
