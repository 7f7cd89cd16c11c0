using Sextant.Sources.Transfer;
using Sextant.Tests.Shared;

namespace Sextant.Sources.Tests;

/// <summary>What a document may hold: an error names the line of the source or import that breaks a rule.</summary>
public sealed class DocumentRulesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"id\":\"..\",\"text\":\"a\",\"embedding\":[1,0]}", "the id '..'")]
    [InlineData("{\"id\":\"1\",\"text\":\"a\",\"metadata\":{\"x\":\"\\ud800\"},\"embedding\":[1,0]}", "half of a surrogate pair")]
    [InlineData("{\"id\":\"1\",\"text\":\"a\",\"\\ud800\":1,\"embedding\":[1,0]}", "half of a surrogate pair")]
    public async Task Import_error_names_the_line_of_an_invalid_document(string line, string fault)
    {
        string file = _folder.File("a.jsonl");
        await File.WriteAllTextAsync(file, $"{{\"id\":\"0\",\"text\":\"a\",\"embedding\":[1,0]}}\n{line}\n");

        InputException error = await Assert.ThrowsAsync<InputException>(() => CollectionImport.RunAsync(file, _folder.File("imported")));

        Assert.StartsWith($"{file}:2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Indexing_error_names_the_line_of_a_chunk_with_too_long_an_id()
    {
        string file = _folder.File("a.jsonl");
        await File.WriteAllTextAsync(
            file,
            $"{{\"id\":\"1\",\"text\":\"a\"}}\n"
                + $"{{\"id\":\"{new string('a', 2_047)}\",\"text\":\"{string.Concat(Enumerable.Repeat("word ", 200))}\"}}\n"
        );
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File("indexed"));

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            new CollectionIndexer(engine, new() { ChunkTokens = 32 }).IndexAsync([file])
        );

        Assert.StartsWith($"{file}:2: the id 'aaa", error.Message, StringComparison.Ordinal);
    }
}
