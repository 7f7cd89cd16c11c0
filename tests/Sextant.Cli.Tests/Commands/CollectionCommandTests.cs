using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class CollectionCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Restored_backup_passes_verification_and_returns_the_same_results()
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
    public async Task Info_shows_the_contents_and_compact_keeps_the_collection_valid()
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
    public async Task Vectors_of_a_static_model_are_not_cached()
    {
        await _sextant.RunAsync("embed", "one", "two");

        JsonElement stats = await CacheStatsAsync();

        Assert.Equal(0, stats.GetProperty("entries").GetInt64());
    }

    [Theory]
    [InlineData("clear")]
    [InlineData("prune", "--max-mb", "0")]
    public async Task Cache_command_counts_and_removes_indexes_of_searched_files(params string[] removal)
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        await _sextant.RunAsync("search", "faq.jsonl", "my money back");
        JsonElement before = (await CacheStatsAsync()).GetProperty("collections");
        CommandResult shown = await _sextant.RunAsync("cache", "stats");

        CommandResult removed = await _sextant.RunAsync(["cache", .. removal, "--json"]);
        JsonElement after = (await CacheStatsAsync()).GetProperty("collections");
        CommandResult again = await _sextant.RunAsync("search", "faq.jsonl", "my money back");

        Assert.Equal(1, before.GetProperty("count").GetInt32());
        Assert.True(before.GetProperty("bytes").GetInt64() > 10_000);
        Assert.Contains("1 collections of searched files", shown.Lines[^1], StringComparison.Ordinal);
        Assert.Equal("{\"dropped\":0,\"dropped_collections\":1}\n", removed.Output);
        Assert.Equal((0, 0L), (after.GetProperty("count").GetInt32(), after.GetProperty("bytes").GetInt64()));
        Assert.Contains("refund", again.Lines[0], StringComparison.OrdinalIgnoreCase);
    }

    private async Task<JsonElement> CacheStatsAsync() =>
        JsonDocument.Parse((await _sextant.RunAsync("cache", "stats", "--json")).Output).RootElement;
}
