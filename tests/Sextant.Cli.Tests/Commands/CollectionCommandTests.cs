using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class CollectionCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task A_backup_restores_to_a_sound_collection_that_finds_the_same()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");

        Assert.Equal(0, (await _sextant.RunAsync("collection", "backup", "faq.sextant", "faq.backup")).ExitCode);
        Assert.Equal(0, (await _sextant.RunAsync("collection", "restore", "faq.backup", "again.sextant")).ExitCode);
        CommandResult verified = await _sextant.RunAsync("collection", "verify", "again.sextant", "--json");
        CommandResult found = await _sextant.RunAsync("search", "again.sextant", "how do I get my money back", "-k", "1");

        Assert.True(JsonDocument.Parse(verified.Output).RootElement.GetProperty("ok").GetBoolean());
        Assert.Contains("Refunds:", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_says_what_is_in_it_and_compact_leaves_it_sound()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant", "--dimensions", "64");

        Assert.Equal(0, (await _sextant.RunAsync("collection", "compact", "faq.sextant")).ExitCode);
        JsonElement info = JsonDocument.Parse((await _sextant.RunAsync("collection", "info", "faq.sextant", "--json")).Output).RootElement;

        Assert.Equal(3, info.GetProperty("documents").GetInt64());
        Assert.Equal(64, info.GetProperty("dimensions").GetInt32());
        Assert.Equal("sextant-small", info.GetProperty("model").GetString());
    }

    [Fact]
    public async Task The_cache_counts_what_it_holds_and_can_be_emptied()
    {
        await _sextant.RunAsync("embed", "one", "two");

        JsonElement before = JsonDocument.Parse((await _sextant.RunAsync("cache", "stats", "--json")).Output).RootElement;
        CommandResult cleared = await _sextant.RunAsync("cache", "clear", "--json");
        JsonElement after = JsonDocument.Parse((await _sextant.RunAsync("cache", "stats", "--json")).Output).RootElement;

        Assert.Equal(2, before.GetProperty("entries").GetInt64());
        Assert.Equal("{\"dropped\":2}\n", cleared.Output);
        Assert.Equal(0, after.GetProperty("entries").GetInt64());
    }
}
