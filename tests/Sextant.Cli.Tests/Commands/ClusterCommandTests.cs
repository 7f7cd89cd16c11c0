using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class ClusterCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Topics_have_names_sizes_and_examples()
    {
        CommandResult result = await _sextant.RunAsync("cluster", Rows(), "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] topics = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        string[] names = [.. topics.Select(topic => topic.GetProperty("name").GetString()!)];
        Assert.Single(names, name => name.Contains("bread", StringComparison.Ordinal));
        Assert.Single(names, name => name.Contains("guitar", StringComparison.Ordinal));
        Assert.All(topics, topic => Assert.InRange(topic.GetProperty("size").GetInt32(), 10, 16));
        Assert.All(topics, topic => Assert.Equal(3, topic.GetProperty("examples").GetArrayLength()));
        Assert.Contains("2 topics of 32 texts", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_are_written_with_their_topics_and_drawn()
    {
        string rows = Rows();

        CommandResult result = await _sextant.RunAsync("cluster", rows, "-o", "rows.jsonl", "--map", "map.svg", "--assign-all");

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] written =
        [
            .. File.ReadLines(Path.Combine(_sextant.Folder, "rows.jsonl")).Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(32, written.Length);
        Assert.All(written, row => Assert.InRange(row.GetProperty("topic").GetInt32(), 0, 1));
        string svg = await File.ReadAllTextAsync(Path.Combine(_sextant.Folder, "map.svg"));
        Assert.All(written, row => Assert.Contains(row.GetProperty("name").GetString()![..20], svg, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collection_is_clustered_and_named_by_titles()
    {
        await _sextant.RunAsync("index", Rows(), "--to", "docs.sextant");

        CommandResult result = await _sextant.RunAsync("cluster", "docs.sextant", "--names", "titles", "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.All(
            result.Lines.Select(line => JsonDocument.Parse(line).RootElement),
            topic => Assert.StartsWith("Title ", topic.GetProperty("name").GetString(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Vectors_need_texts_and_a_map_a_known_format()
    {
        await _sextant.RunAsync("embed", "--input", Rows(), "-o", "vectors.npy");

        CommandResult vectors = await _sextant.RunAsync("cluster", "vectors.npy"),
            map = await _sextant.RunAsync("cluster", Rows(), "--map", "map.pdf");

        Assert.Equal((2, 2), (vectors.ExitCode, map.ExitCode));
        Assert.Contains("--labels FILE", vectors.Error, StringComparison.Ordinal);
        Assert.Contains("use the extension .png, .svg or .html", map.Error, StringComparison.Ordinal);
    }

    private string Rows()
    {
        string[] kinds = ["The bread in the oven needs flour and yeast", "The guitar has strings and a wooden neck for chords"];
        string[] more = ["today", "every day", "at home", "in the morning", "for the family", "with care", "again", "on Sunday"];
        _sextant.Write(
            "rows.jsonl",
            string.Concat(
                Enumerable
                    .Range(0, 32)
                    .Select(i =>
                        JsonSerializer.Serialize(new { title = $"Title {i}", text = $"{kinds[i % 2]} {more[i / 2 % 8]} {i / 16}" }) + "\n"
                    )
            )
        );
        return "rows.jsonl";
    }
}
