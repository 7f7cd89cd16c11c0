using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Search.Facets;
using Sextant.Search.Filters;

namespace Sextant.ConformanceTests;

/// <summary>Counts of the values of fields.</summary>
/// <param name="store">The store under test; disposed after the test.</param>
public abstract class FacetTests(TestedStore store) : StoreTests(store)
{
    private static readonly string[] Values =
    [
        "\"a\"",
        "\"b\"",
        "\"B\"",
        "\"1\"",
        "\"ä 中 😀\"",
        "\"\"",
        "1",
        "1.0",
        "-3",
        "2.5",
        "25e-1",
        "9007199254740993",
        "9007199254740992.0",
        "1e400",
        "true",
        "false",
        "null",
        "{\"b\":1}",
        "{}",
        "[]",
        "[\"a\",\"a\",1,[2],{\"b\":3},null,true]",
        "[2.5,\"b\"]",
    ];

    [Fact]
    public async Task Facets_count_the_values_of_fields_in_the_matching_documents()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([
            Doc("a", """{"lang":"en","tags":["new","x","new"],"author":{"name":"Ada"}}"""),
            Doc("b", """{"lang":"en","tags":"new","year":2024}"""),
            Doc("c", """{"lang":"de","tags":["x"],"year":2024.0}"""),
            Doc("d", """{"lang":null,"tags":[],"year":1999}"""),
        ]);

        IReadOnlyList<Facet> all = await engine.GetFacetsAsync(["lang", "tags", "year", "author.name", "none"]);
        IReadOnlyList<Facet> few = await engine.GetFacetsAsync(["tags"], "lang = 'en'", limit: 1);

        Assert.Equal(["en 2, de 1", "new 2, x 2", "2024 2, 1999 1", "Ada 1", ""], all.Select(Describe));
        Assert.Equal([2L, 2, 2, 1, 0], all.Select(facet => facet.Distinct));
        Assert.Equal("new 2", Describe(Assert.Single(few)));
        Assert.Equal(2, few[0].Distinct);
    }

    [Fact]
    public async Task Facets_follow_every_write()
    {
        await using SemanticSearchEngine engine = await OpenAsync();
        await engine.AddDocumentsAsync([Doc("a", """{"lang":"en"}"""), Doc("b", """{"lang":"en"}""")]);
        Assert.Equal("en 2", Describe((await engine.GetFacetsAsync(["lang"]))[0]));

        await engine.AddDocumentsAsync([Doc("a", """{"lang":"de"}""")]);
        Assert.Equal("de 1, en 1", Describe((await engine.GetFacetsAsync(["lang"]))[0]));

        await engine.DeleteAsync("b");
        Assert.Equal("de 1", Describe((await engine.GetFacetsAsync(["lang"]))[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Facets_equal_a_count_of_every_document_by_filter_equality(int seed)
    {
        Random random = new(seed);
        await using SemanticSearchEngine engine = await OpenAsync();
        Document[] documents = [.. Enumerable.Range(0, 120).Select(i => Doc($"{i}", Metadata(random)))];
        await engine.AddDocumentsAsync(documents);
        FieldPath[] fields = ["f", "g", "f.b", "\"f.b\"", "\"0\"", "f"];
        foreach (FilterExpression? filter in (FilterExpression?[])[null, "exists g", "not (f = 'a') or g contains 1", "g = 'none'"])
        {
            int limit = random.Next(1, 12);

            IReadOnlyList<Facet> facets = await engine.GetFacetsAsync(fields, filter, limit);

            Assert.Equal(fields, facets.Select(facet => facet.Field));
            for (int i = 0; i < fields.Length; i++)
            {
                List<FilterValue> expected = [.. Candidates().Where(value => Count(documents, fields[i], filter, value) > 0)];
                Assert.Equal(expected.Count, facets[i].Distinct);
                Assert.Equal(Math.Min(limit, expected.Count), facets[i].Values.Count);
                Assert.All(facets[i].Values, one => Assert.Equal(Count(documents, fields[i], filter, one.Value), one.Count));
                Assert.Equal(facets[i].Values.Select(one => one.Count).OrderDescending(), facets[i].Values.Select(one => one.Count));
                long least = facets[i].Values.Count == 0 ? 0 : facets[i].Values.Min(one => one.Count);
                Assert.DoesNotContain(
                    expected.Except(facets[i].Values.Select(one => one.Value)),
                    value => Count(documents, fields[i], filter, value) > least
                );
            }
        }
    }

    private static IEnumerable<FilterValue> Candidates() =>
        [
            .. ((string[])["a", "b", "B", "1", "ä 中 😀", "", "c"]).Select(FilterValue.Text),
            .. ((long[])[1, -3, 2, 3, 9007199254740993, 9007199254740992]).Select(FilterValue.Number),
            FilterValue.Number(2.5),
            FilterValue.Boolean(true),
            FilterValue.Boolean(false),
        ];

    // A document has a value where a filter would say that the field equals or contains it.
    private static long Count(Document[] documents, FieldPath field, FilterExpression? filter, FilterValue value) =>
        documents.Count(document =>
            (filter is null || FilterEvaluator.Matches(filter, document.Metadata!))
            && FilterEvaluator.Matches(
                new OrFilter(new ComparisonFilter(field, FilterComparison.Equal, value), new AnyInFilter(field, [value])),
                document.Metadata!
            )
        );

    private static string Metadata(Random random)
    {
        List<string> fields = [];
        foreach (string name in (string[])["f", "g", "f.b", "0"])
        {
            if (random.Next(4) > 0)
                fields.Add($"{JsonSerializer.Serialize(name)}:{Values[random.Next(Values.Length)]}");
        }

        return $"{{{string.Join(',', fields)}}}";
    }

    private static string Describe(Facet facet) => string.Join(", ", facet.Values.Select(one => $"{one.Value.Value} {one.Count}"));

    private static Document Doc(string id, string metadata) =>
        new($"text {id}") { Id = id, Metadata = (JsonObject)JsonNode.Parse(metadata)! };
}
