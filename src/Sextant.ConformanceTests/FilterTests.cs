using System.Globalization;
using System.Text.Json.Nodes;

namespace Sextant.ConformanceTests;

/// <summary>Searches with a filter, in all modes.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class FilterTests(TestedStore store) : StoreTests(store)
{
    [Theory]
    [InlineData("lang = 'en'", "a,c")]
    [InlineData("lang != 'en'", "b,d,e")]
    [InlineData("year >= 2020", "a,b")]
    [InlineData("year < 2020 or not exists year", "c,d")]
    [InlineData("not (lang = 'en' or year > 2020)", "d,e")]
    [InlineData("tags contains 'new' and lang in ('en', 'fr')", "a")]
    [InlineData("author.name like 'A%'", "a,c")]
    [InlineData("price = 1", "c")]
    [InlineData("lang is null", "d,e")]
    [InlineData("tags any in ('x', 'brand new')", "a")]
    [InlineData("tags = ('new', 'x')", "a")]
    [InlineData("tags = ()", "d")]
    [InlineData("tags != () and exists tags", "a,b")]
    public async Task Filter_returns_exactly_the_matching_documents(string filter, string expected)
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            Doc("a", """{"lang":"en","year":2020,"tags":["new","x"],"author":{"name":"Ada"}}"""),
            Doc("b", """{"lang":"de","year":2024.5,"tags":"brand new"}"""),
            Doc("c", """{"lang":"en","year":1999,"author":{"name":"Al"},"price":1.0}"""),
            Doc("d", """{"tags":[]}"""),
            Doc("e", """{"lang":null,"year":"2020","price":true}"""),
        ]);

        foreach (SearchMode mode in Enum.GetValues<SearchMode>())
        {
            IReadOnlyList<SearchResult> hits = await engine.SearchAsync("text", 10, new() { Filter = filter, Mode = mode });
            Assert.Equal(expected.Split(','), hits.Select(hit => hit.Id).Order(StringComparer.Ordinal));
        }

        static Document Doc(string id, string metadata) => new($"text {id}") { Id = id, Metadata = (JsonObject)JsonNode.Parse(metadata)! };
    }

    [Fact]
    public async Task Selective_filter_still_returns_the_requested_number_of_results()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync(
            Enumerable
                .Range(0, 300)
                .Select(i => new Document($"near word{i}")
                {
                    Id = $"{i}",
                    Metadata = new() { ["rare"] = i % 30 == 0 },
                })
        );

        IReadOnlyList<SearchResult> hits = await engine.SearchAsync("near", 8, new() { Filter = "rare = true" });

        Assert.Equal(8, hits.Count);
        Assert.All(hits, hit => Assert.Equal(0, int.Parse(hit.Id, CultureInfo.InvariantCulture) % 30));
    }

    [Fact]
    public async Task Filter_that_matches_nothing_is_explained_by_fields_that_no_document_has()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            new Document("red apple")
            {
                Metadata = new()
                {
                    ["lang"] = "en",
                    ["author"] = new JsonObject { ["name"] = "Ann" },
                },
            },
        ]);

        Assert.Equal(
            [
                "no document has the field 'langg'; did you mean 'lang'?",
                "no document has the field 'author.nme'; did you mean 'author.name'?",
            ],
            await engine.ExplainFilterAsync("langg = 'en' or author.nme = 'Ann'")
        );
        Assert.Equal(
            ["no document has the field 'year'; there are author, author.name, lang"],
            await engine.ExplainFilterAsync("not (year > 3) and lang = 'de'")
        );
        Assert.Empty(await engine.ExplainFilterAsync("lang = 'de' and author.name = 'Bob'"));
    }
}
