using System.Text.Json.Nodes;
using Sextant.Search.Browsing;

namespace Sextant.ConformanceTests;

/// <summary>Documents listed in an order, without a query.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class BrowsingTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Documents_are_listed_by_the_time_they_were_added_or_by_a_field()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        string[] values = ["2", "\"b\"", "10", "true", "\"a\"", "null", "-1.5", "false", "[1]"];
        await engine.AddDocumentsAsync(
            values.Select((value, i) => new Document($"text {i}") { Id = $"d{i}", Metadata = Metadata($$"""{"x":{{value}}}""") })
        );

        Assert.Equal(["d8", "d7", "d6", "d5", "d4", "d3", "d2", "d1", "d0"], await Ids(new()));
        Assert.Equal(["d0", "d1", "d2"], await Ids(new() { IsAscending = true, Count = 3 }));
        // Texts, numbers, truth values, and what has no order last, the newest first.
        Assert.Equal(["d4", "d1", "d6", "d0", "d2", "d7", "d3", "d8", "d5"], await Ids(new() { OrderBy = "x", IsAscending = true }));
        Assert.Equal(["d1", "d4", "d2", "d0", "d6", "d3", "d7", "d8", "d5"], await Ids(new() { OrderBy = "x" }));

        async Task<string[]> Ids(BrowseOptions options)
        {
            BrowseResult result = await engine.BrowseAsync(options);
            Assert.Equal(values.Length, result.Total);
            return [.. result.Documents.Select(document => document.Id)];
        }
    }

    [Fact]
    public async Task Pages_of_a_filtered_listing_form_the_whole()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable.Range(0, 60).Select(i => new Document($"text {i}") { Id = $"d{i}", Metadata = Metadata($$"""{"n":{{i % 7}}}""") })
        );
        await engine.DeleteAsync("d8");
        BrowseOptions options = new() { OrderBy = "n", Filter = "n < 3" };

        List<string> paged = [];
        for (int offset = 0; offset < 30; offset += 4)
        {
            BrowseResult page = await engine.BrowseAsync(options with { Offset = offset, Count = 4 });
            Assert.Equal(26, page.Total);
            paged.AddRange(page.Documents.Select(document => document.Id));
        }

        Assert.Equal(
            Enumerable
                .Range(0, 60)
                .Where(i => i % 7 < 3 && i != 8)
                .OrderByDescending(i => i % 7)
                .ThenByDescending(i => i)
                .Select(i => $"d{i}"),
            paged
        );
        Assert.Empty((await engine.BrowseAsync(options with { Count = 0 })).Documents);
    }

    private static JsonObject Metadata(string json) => (JsonObject)JsonNode.Parse(json)!;
}
