using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Sources;
using Sextant.Sources.Transfer;

namespace Sextant.Tests.Search;

/// <summary>Every door refuses metadata that an answer could not hold, and takes what one level less has.</summary>
public sealed class MetadataDepthTests : IDisposable
{
    private const int Most = 48;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Documents_with_metadata_nested_too_deep_are_refused_and_others_come_back_in_answers()
    {
        await using SemanticSearchEngine engine = await OpenAsync("c.sextant");
        await engine.AddDocumentsAsync([new Document("one") { Id = "fits", Metadata = Nested(Most) }]);

        foreach (int depth in (int[])[Most + 1, 62, 63, 64, 500])
        {
            InputException error = await Assert.ThrowsAsync<InputException>(
                () => engine.AddDocumentsAsync([new Document("two") { Id = "deep", Metadata = Nested(depth) }]));
            Assert.Contains("'deep'", error.Message, StringComparison.Ordinal);
            Assert.Contains("48", error.Message, StringComparison.Ordinal);
        }

        SearchResult found = Assert.Single(await engine.SearchAsync("one", 5));
        JsonObject answer = new() { ["result"] = new JsonObject { ["results"] = new JsonArray(new JsonObject { ["metadata"] = found.Metadata }) } };
        Assert.Equal(answer.ToJsonString(), JsonNode.Parse(JsonSerializer.Serialize(answer))!.ToJsonString());
    }

    [Theory]
    [InlineData(Most, true)]
    [InlineData(Most + 1, false)]
    [InlineData(70, false)]
    public async Task Rows_of_files_are_refused_by_their_line(int depth, bool fits)
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
    public async Task Imports_are_refused_by_their_line()
    {
        string file = _folder.File("vectors.jsonl");
        await File.WriteAllLinesAsync(file, [$$"""{"id":"1","text":"one","metadata":{{Nested(63).ToJsonString(new() { MaxDepth = 100 })}},"embedding":[1,0]}"""]);

        InputException error = await Assert.ThrowsAsync<InputException>(() => CollectionImport.RunAsync(file, _folder.File("c.sextant"), new() { Engine = WordModel.Options() }));

        Assert.Contains($"{file}:1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("nested more than 48 deep", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Most, false)]
    [InlineData(Most + 1, true)]
    [InlineData(900, true)]
    public void Metadata_that_are_copied_are_measured_as_they_are_stored(int depth, bool isTooDeep)
    {
        Assert.Equal(isTooDeep, Sextant.Search.MetadataDepth.IsExceededBy(Nested(depth).ToJsonString(new() { MaxDepth = 1000 })));
        Assert.False(Sextant.Search.MetadataDepth.IsExceededBy(new JsonObject { ["a"] = new string('[', 500) }.ToJsonString()));
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
        for (int level = depth - 1; level > 1; level--) node = level % 2 == 0 ? new JsonArray(node) : new JsonObject { ["a"] = node };
        return new() { ["a"] = node };
    }

    private Task<SemanticSearchEngine> OpenAsync(string name) => SemanticSearchEngine.OpenAsync(_folder.File(name), WordModel.Options());
}
