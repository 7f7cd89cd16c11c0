using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Core.Tests;

/// <summary>The example that shows what meaning finds and words do not: examples/almanac.jsonl and its questions.</summary>
public sealed class ParaphraseTests
{
    private const int TopK = 3;

    [Fact]
    public async Task Semantic_search_finds_several_times_more_paraphrases_than_keyword_search()
    {
        JsonElement[] questions = Read("almanac-questions.jsonl");
        using TempFolder folder = new();
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(folder.File("almanac.sextant"));
        JsonElement[] rows = Read("almanac.jsonl");
        await engine.AddDocumentsAsync(
            rows.Select(row => new Document(row.GetProperty("text").GetString()!) { Id = row.GetProperty("id").GetString()! })
        );

        int byMeaning = await FoundAsync(SearchMode.Semantic),
            byWords = await FoundAsync(SearchMode.Keyword);
        Assert.True(
            byMeaning >= 4 * byWords && byMeaning >= 0.4 * questions.Length,
            $"{byMeaning} by meaning, {byWords} by words, of {questions.Length}"
        );

        async Task<int> FoundAsync(SearchMode mode)
        {
            int found = 0;
            foreach (JsonElement question in questions)
            {
                IReadOnlyList<SearchResult> hits = await engine.SearchAsync(
                    question.GetProperty("query").GetString()!,
                    TopK,
                    new SearchOptions { Mode = mode }
                );
                if (hits.Any(hit => hit.Id == question.GetProperty("id").GetString()))
                    found++;
            }

            return found;
        }
    }

    private static JsonElement[] Read(string name)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sextant.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return [.. File.ReadLines(Path.Combine(folder, "examples", name)).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }
}
