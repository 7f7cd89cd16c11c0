using Sextant.Tests.Shared.Search;

namespace Sextant.VectorData.Tests;

public sealed class VectorDataHybridTests
{
    [Fact]
    public async Task Ranking_of_a_store_with_native_hybrid_search_is_used()
    {
        using MemoryVectorStore store = new(typeof(string), hybrid: true);
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(store, "docs", WordModel.Options());
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 400)
                .Select(i => new Document(i % 4 == 0 ? $"red apple number{i}" : $"red number{i}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["n"] = i },
                })
        );
        SearchOptions hybrid = new() { Mode = SearchMode.Hybrid };

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("red apple", 400, hybrid);
        IReadOnlyList<SearchResult> filtered = await engine.SearchAsync("red apple", 5, hybrid with { Filter = "n >= 390", Offset = 2 });

        Assert.Equal(400, hits.Count);
        Assert.All(hits.Take(100), hit => Assert.Contains("apple", hit.Text, StringComparison.Ordinal));
        // Within each of its two groups the farthest comes first.
        foreach (IEnumerable<SearchResult> group in (IEnumerable<SearchResult>[])[hits.Take(100), hits.Skip(100)])
            Assert.Equal(group.Select(hit => hit.Score).Order(), group.Select(hit => hit.Score));
        Assert.Equal(
            hits.Where(hit => hit.Metadata["n"]!.GetValue<int>() >= 390).Skip(2).Take(5).Select(hit => hit.Id),
            filtered.Select(hit => hit.Id)
        );
    }
}
