using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search;

/// <summary>A collection rejects metadata nested too deep for an answer, and takes one level less.</summary>
public sealed class MetadataDepthTests : IDisposable
{
    private const int Most = 48;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Too_deeply_nested_metadata_is_rejected_and_other_metadata_is_returned()
    {
        await using SemanticSearchEngine engine = await OpenAsync("c.sextant");
        await engine.AddDocumentsAsync([new Document("one") { Id = "fits", Metadata = Nested(Most) }]);

        foreach (int depth in (int[])[Most + 1, 62, 63, 64, 500])
        {
            InputException error = await Assert.ThrowsAsync<InputException>(() =>
                engine.AddDocumentsAsync([new Document("two") { Id = "deep", Metadata = Nested(depth) }])
            );
            Assert.Contains("'deep'", error.Message, StringComparison.Ordinal);
            Assert.Contains("48", error.Message, StringComparison.Ordinal);
        }

        SearchResult found = Assert.Single(await engine.SearchAsync("one", 5));
        JsonObject answer = new()
        {
            ["result"] = new JsonObject { ["results"] = new JsonArray(new JsonObject { ["metadata"] = found.Metadata }) },
        };
        Assert.Equal(answer.ToJsonString(), JsonNode.Parse(JsonSerializer.Serialize(answer))!.ToJsonString());
    }

    [Theory]
    [InlineData(Most, false)]
    [InlineData(Most + 1, true)]
    [InlineData(900, true)]
    public void Depth_limit_applies_to_copied_metadata(int depth, bool isTooDeep)
    {
        Assert.Equal(isTooDeep, MetadataDepth.IsExceededBy(Nested(depth).ToJsonString(new() { MaxDepth = 1000 })));
        Assert.False(MetadataDepth.IsExceededBy(new JsonObject { ["a"] = new string('[', 500) }.ToJsonString()));
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
