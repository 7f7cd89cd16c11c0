using System.Text.Json.Nodes;
using Sextant.Sources.Transfer;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Sources.Tests;

/// <summary>Sources and imports with metadata nested too deep are rejected, and the error names the line.</summary>
public sealed class MetadataDepthTests : IDisposable
{
    private const int Most = 48;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Most, true)]
    [InlineData(Most + 1, false)]
    [InlineData(70, false)]
    public async Task Too_deep_metadata_of_a_file_is_rejected_with_the_line(int depth, bool fits)
    {
        string file = _folder.File("a.jsonl");
        await File.WriteAllLinesAsync(file, ["""{"id":"1","text":"one"}""", Row(depth)]);
        await using SemanticSearchEngine engine = await OpenAsync("c.sextant");

        if (fits)
        {
            Assert.Equal(2, (await new CollectionIndexer(engine).IndexAsync([file])).Total);
            return;
        }

        InputException error = await Assert.ThrowsAsync<InputException>(() => new CollectionIndexer(engine).IndexAsync([file]));
        Assert.Contains($"{file}:2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("nested more than 48 deep", error.Message, StringComparison.Ordinal);
        IndexingResult skipped = await new CollectionIndexer(engine, new() { Reader = new() { SkipBad = true } }).IndexAsync([file]);
        Assert.Equal((1L, 1), (skipped.Total, skipped.BadRows));
    }

    [Fact]
    public async Task Too_deep_metadata_of_an_import_is_rejected_with_the_line()
    {
        string file = _folder.File("vectors.jsonl");
        await File.WriteAllLinesAsync(
            file,
            [$$"""{"id":"1","text":"one","metadata":{{Nested(63).ToJsonString(new() { MaxDepth = 100 })}},"embedding":[1,0]}"""]
        );

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            CollectionImport.RunAsync(file, _folder.File("c.sextant"), new() { Engine = WordModel.Options() })
        );

        Assert.Contains($"{file}:1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("nested more than 48 deep", error.Message, StringComparison.Ordinal);
    }

    private static string Row(int depth)
    {
        JsonObject row = Nested(depth);
        row["id"] = "2";
        row["text"] = "two";
        return row.ToJsonString(new() { MaxDepth = 100 });
    }

    private static JsonObject Nested(int depth)
    {
        JsonNode node = depth % 2 == 0 ? new JsonArray() : new JsonObject();
        for (int level = depth - 1; level > 1; level--)
            node = level % 2 == 0 ? new JsonArray(node) : new JsonObject { ["a"] = node };
        return new() { ["a"] = node };
    }

    private Task<SemanticSearchEngine> OpenAsync(string name) => SemanticSearchEngine.OpenAsync(_folder.File(name), WordModel.Options());
}
