using Sextant.Search.Federation;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search;

public sealed class FederatedSearchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Collections_of_one_model_rank_like_a_single_collection()
    {
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => $"word{i} word{i * 3 % 60} other{i % 7}")];
        await using SemanticSearchEngine whole = await FillAsync("whole", texts),
            even = await FillAsync("even", texts.Where((_, i) => i % 2 == 0)),
            odd = await FillAsync("odd", texts.Where((_, i) => i % 2 == 1));
        SearchOptions options = new() { Offset = 2, Exact = true };

        FederatedResults found = await FederatedSearch.SearchAsync([even, odd], "word6 other3", 9, options);

        Assert.True(found.IsByScore);
        Assert.Equal(
            (await whole.SearchAsync("word6 other3", 9, options)).Select(hit => (hit.Rank, hit.Score)),
            found.Results.Select(one => (one.Result.Rank, one.Result.Score))
        );
        Assert.Equal([0, 1], found.Results.Select(one => one.Collection).Distinct().Order());
    }

    [Fact]
    public async Task Scores_that_are_not_comparable_are_merged_by_rank()
    {
        await using SemanticSearchEngine first = await FillAsync("first", ["red apple", "red", "blue whale"]),
            second = await FillAsync("second", ["a red car", "red red", "green"]);

        FederatedResults words = await FederatedSearch.SearchAsync([first, second], "red", 3, new() { Mode = SearchMode.Keyword });
        FederatedResults both = await FederatedSearch.SearchAsync([first, second], "red", 4, new() { Mode = SearchMode.Hybrid });

        Assert.False(words.IsByScore || both.IsByScore);
        Assert.Equal([0, 1, 0], words.Results.Select(one => one.Collection));
        Assert.Equal([1, 2, 3], words.Results.Select(one => one.Result.Rank));
        Assert.Equal(2, both.Results.Take(2).Select(one => one.Collection).Distinct().Count());
        await Assert.ThrowsAsync<InputException>(() => FederatedSearch.SearchAsync([first, second], "red", 3, new() { GroupBy = "topic" }));
    }

    private async Task<SemanticSearchEngine> FillAsync(string name, IEnumerable<string> texts)
    {
        SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(_folder.File(name), WordModel.Options());
        await engine.AddDocumentsAsync(texts);
        return engine;
    }
}
