using System.Text.Json.Nodes;
using Sextant.Search.Filters;

namespace Sextant.ConformanceTests;

/// <summary>Results in groups.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class GroupTests(TestedStore store) : StoreTests(store)
{
    [Fact]
    public async Task Groups_come_in_the_order_of_their_best_results()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            Doc("a", "red apple pie", """{"topic":"food","tags":["x","y"]}"""),
            Doc("b", "red apple", """{"topic":"food","tags":"x"}"""),
            Doc("c", "red", """{"topic":7,"tags":[]}"""),
            Doc("d", "apple", """{"topic":"food"}"""),
            Doc("e", "blue whale", """{"topic":7.0}"""),
            Doc("f", "red whale", """{}"""),
        ]);

        SearchOptions byTopic = new() { GroupBy = "topic", GroupSize = 2 };
        IReadOnlyList<SearchResult> groups = await engine.SearchAsync("red apple", 10, byTopic);
        IReadOnlyList<SearchResult> second = await engine.SearchAsync("red apple", 1, byTopic with { Offset = 1 });
        IReadOnlyList<SearchResult> byTag = await engine.SearchAsync("red apple", 2, new() { GroupBy = "tags" });

        Assert.Equal("food b, food a, 7 c, 7 e,  f", Describe(groups));
        Assert.Equal([1, 2, 3, 4, 5], groups.Select(hit => hit.Rank));
        Assert.Equal("7 c, 7 e", Describe(second));
        Assert.Equal([3, 4], second.Select(hit => hit.Rank));
        Assert.Equal("x b, x a, y a", Describe(byTag));
    }

    [Fact]
    public async Task Source_groups_the_parts_of_a_document()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            Part("docs/a.md#usage#1", "/home/ann/docs/a.md"),
            Part("docs/a.md", "/home/ann/docs/a.md"),
            Part("docs/b.md#usage", "/home/ann/docs/b.md"),
            Part("refunds-01#1", "/home/ann/faq.jsonl"),
            Part("refunds-01#2", "/home/ann/faq.jsonl"),
            Part("refunds-02", "/home/ann/faq.jsonl"),
            Part("list.jsonl#0123456789abcdef#1", "/home/ann/list.jsonl"),
            Part("list.jsonl#0123456789abcdef#2", "/home/ann/list.jsonl"),
            Part("list.jsonl#0123456789abcde0", "/home/ann/list.jsonl"),
            Part("own#1", ""),
        ]);

        IReadOnlyList<SearchResult> groups = await engine.SearchAsync("text", 20, new() { GroupBy = "source", GroupSize = 1 });

        Assert.Equal(
            ["docs/a.md", "docs/b.md", "refunds-01", "refunds-02", "list.jsonl#0123456789abcdef", "list.jsonl#0123456789abcde0", "own#1"],
            groups.Select(hit => hit.Group!.Value.Value)
        );

        static Document Part(string id, string source) => new("text") { Id = id, Source = source };
    }

    [Theory]
    [InlineData(SearchMode.Semantic)]
    [InlineData(SearchMode.Keyword)]
    [InlineData(SearchMode.Hybrid)]
    public async Task Groups_equal_the_groups_of_all_results(SearchMode mode)
    {
        Random random = new((int)mode);
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 300)
                .Select(i =>
                    Doc(
                        $"{i}",
                        $"near word{random.Next(40)} word{random.Next(40)}",
                        $$"""{"g":{{i * i % 23}},"even":{{(i % 2 == 0 ? "true" : "false")}}}"""
                    )
                )
        );
        SearchOptions flat = new()
        {
            Mode = mode,
            Exact = true,
            Filter = "even = true",
            Candidates = 300,
        };
        for (int trial = 0; trial < 20; trial++)
        {
            string query = $"near word{random.Next(40)} word{random.Next(40)}";
            (int offset, int count, int size) = (random.Next(6), random.Next(1, 30), random.Next(1, 5));
            SearchOptions grouped = flat with { GroupBy = "g", GroupSize = size, Offset = offset };
            List<IGrouping<int, string>> expected =
            [
                .. (await engine.SearchAsync(query, 300, flat)).GroupBy(hit => hit.Metadata["g"]!.GetValue<int>(), hit => hit.Id),
            ];

            IReadOnlyList<SearchResult> groups = await engine.SearchAsync(query, count, grouped);

            Assert.Equal(expected.Skip(offset).Take(count).SelectMany(group => group.Take(size)), groups.Select(hit => hit.Id));
            Assert.Equal(
                groups.Select(hit => FilterValue.Number(hit.Metadata["g"]!.GetValue<int>())),
                groups.Select(hit => hit.Group!.Value)
            );
        }
    }

    [Fact]
    public async Task Groups_are_found_beyond_the_first_candidates()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 600)
                .Select(i => Doc($"{i}", i < 500 ? $"near word{i}" : $"far other{i}", $$"""{"g":{{(i < 500 ? 0 : i)}}}"""))
        );

        IReadOnlyList<SearchResult> groups = await engine.SearchAsync(
            "near",
            5,
            new()
            {
                GroupBy = "g",
                GroupSize = 1,
                Candidates = 10,
            }
        );

        Assert.Equal(5, groups.Select(hit => hit.Group).Distinct().Count());
    }

    private static string Describe(IReadOnlyList<SearchResult> results) =>
        string.Join(", ", results.Select(hit => $"{hit.Group?.Value} {hit.Id}"));

    private static Document Doc(string id, string text, string metadata) =>
        new(text) { Id = id, Metadata = (JsonObject)JsonNode.Parse(metadata)! };
}
