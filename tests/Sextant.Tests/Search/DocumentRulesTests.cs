using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Sources;
using Sextant.Sources.Transfer;

namespace Sextant.Tests.Search;

/// <summary>What a document may hold, whichever way it comes in.</summary>
public sealed class DocumentRulesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(@"a\ud800")]
    [InlineData("a\0")]
    public async Task An_id_that_cannot_be_addressed_is_rejected_and_nothing_is_stored(string id)
    {
        await using SemanticSearchEngine engine = await OpenAsync();

        InputException error = await Assert.ThrowsAsync<InputException>(() => engine.AddDocumentsAsync([new Document("good"), new Document("bad") { Id = Regex.Unescape(id) }]));

        Assert.StartsWith("the id '", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await engine.CountAsync());
    }

    [Fact]
    public async Task An_id_of_the_longest_length_is_stored_and_a_longer_one_is_not()
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
    public void Metadata_with_half_of_a_surrogate_pair_are_rejected_read_or_made(string json)
    {
        JsonObject made = json.Contains('[')
            ? new() { ["a"] = new JsonArray(new JsonObject { ["b"] = "x\ud800x" }) }
            : json[2] == '\\' ? new() { ["\ud800"] = 1 } : new() { ["a"] = "\udc00" };

        Assert.All([(JsonObject)JsonNode.Parse(json)!, made], metadata =>
            Assert.Contains("half of a surrogate pair", Assert.Throws<InputException>(() => MetadataJson.Write(metadata, "1")).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_replacement_character_itself_and_whole_pairs_are_kept()
    {
        JsonObject metadata = new() { ["\ufffd"] = "\ud83d\ude00 \ufffd", ["when"] = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc), ["c"] = 'x' };

        JsonObject read = MetadataJson.Read(MetadataJson.Write(metadata, "1"));

        Assert.Equal("\ud83d\ude00 \ufffd", (string)read["\ufffd"]!);
        Assert.Equal("x", (string)read["c"]!);
    }

    [Theory]
    [InlineData(@"a = '\ud800'")]
    [InlineData(@"\udc00 = 1")]
    public void A_filter_with_half_of_a_surrogate_pair_is_rejected(string filter) =>
        Assert.Contains("half of a surrogate pair", Assert.Throws<InputException>(() => FilterExpression.Parse(Regex.Unescape(filter))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"id\":\"..\",\"text\":\"a\",\"embedding\":[1,0]}", "the id '..'")]
    [InlineData("{\"id\":\"1\",\"text\":\"a\",\"metadata\":{\"x\":\"\\ud800\"},\"embedding\":[1,0]}", "half of a surrogate pair")]
    [InlineData("{\"id\":\"1\",\"text\":\"a\",\"\\ud800\":1,\"embedding\":[1,0]}", "half of a surrogate pair")]
    public async Task An_import_names_the_line_of_what_cannot_be_stored(string line, string fault)
    {
        string file = _folder.File("a.jsonl");
        await File.WriteAllTextAsync(file, $"{{\"id\":\"0\",\"text\":\"a\",\"embedding\":[1,0]}}\n{line}\n");

        InputException error = await Assert.ThrowsAsync<InputException>(() => CollectionImport.RunAsync(file, _folder.File("imported")));

        Assert.StartsWith($"{file}:2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Indexing_names_the_line_whose_part_gets_too_long_an_id()
    {
        string file = _folder.File("a.jsonl");
        await File.WriteAllTextAsync(file, $"{{\"id\":\"1\",\"text\":\"a\"}}\n{{\"id\":\"{new string('a', 2_047)}\",\"text\":\"{string.Concat(Enumerable.Repeat("word ", 200))}\"}}\n");
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("indexed"));

        InputException error = await Assert.ThrowsAsync<InputException>(() => new CollectionIndexer(engine, new() { ChunkTokens = 32 }).IndexAsync([file]));

        Assert.StartsWith($"{file}:2: the id 'aaa", error.Message, StringComparison.Ordinal);
    }

    private Task<SemanticSearchEngine> OpenAsync() => SemanticSearchEngine.OpenAsync(_folder.File("docs"), WordModel.Options());
}
