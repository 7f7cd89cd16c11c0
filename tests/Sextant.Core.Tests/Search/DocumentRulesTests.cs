using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search;

/// <summary>What a document may hold.</summary>
public sealed class DocumentRulesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(@"a\ud800")]
    [InlineData("a\0")]
    public async Task Unaddressable_id_is_rejected_and_nothing_is_stored(string id)
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            engine.AddDocumentsAsync([new Document("good"), new Document("bad") { Id = Regex.Unescape(id) }])
        );

        Assert.StartsWith("the id '", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await engine.CountAsync());
    }

    [Fact]
    public async Task Id_of_the_maximum_length_is_stored_and_a_longer_one_rejected()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        string longest = new('é', 1_024);

        await engine.AddDocumentsAsync([new Document("a") { Id = longest }]);
        await Assert.ThrowsAsync<InputException>(() => engine.AddDocumentsAsync([new Document("a") { Id = longest + "x" }]));

        Assert.Equal("a", (await engine.GetAsync(longest))!.Text);
    }

    public static TheoryData<string> HalfPairs => ["{\"\\ud800\":1}", "{\"a\":\"\\udc00\"}", "{\"a\":[{\"b\":\"x\\ud800x\"}]}"];

    [Theory]
    [MemberData(nameof(HalfPairs))]
    public void Metadata_with_a_lone_surrogate_is_rejected(string json)
    {
        JsonObject made =
            json.Contains('[') ? new() { ["a"] = new JsonArray(new JsonObject { ["b"] = "x\ud800x" }) }
            : json[2] == '\\' ? new() { ["\ud800"] = 1 }
            : new() { ["a"] = "\udc00" };

        Assert.All(
            [(JsonObject)JsonNode.Parse(json)!, made],
            metadata =>
                Assert.Contains(
                    "half of a surrogate pair",
                    Assert.Throws<InputException>(() => MetadataJson.Serialize(metadata, "1")).Message,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Replacement_characters_and_surrogate_pairs_are_kept()
    {
        JsonObject metadata = new()
        {
            ["\ufffd"] = "\ud83d\ude00 \ufffd",
            ["when"] = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc),
            ["c"] = 'x',
        };

        JsonObject read = MetadataJson.Parse(MetadataJson.Serialize(metadata, "1"));

        Assert.Equal("\ud83d\ude00 \ufffd", (string)read["\ufffd"]!);
        Assert.Equal("x", (string)read["c"]!);
    }

    [Theory]
    [InlineData(@"a = '\ud800'")]
    [InlineData(@"\udc00 = 1")]
    public void Filter_with_a_lone_surrogate_is_rejected(string filter) =>
        Assert.Contains(
            "half of a surrogate pair",
            Assert.Throws<InputException>(() => FilterExpression.Parse(Regex.Unescape(filter))).Message,
            StringComparison.Ordinal
        );

    private Task<SemanticSearchEngine> OpenAsync() => SemanticSearchEngine.OpenAsync(_folder.File("docs"), WordModel.Options());
}
