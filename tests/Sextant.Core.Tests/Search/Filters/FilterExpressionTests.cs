using CsCheck;
using Sextant.Search.Filters;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Filters;
using Sextant.Tests.Shared.Search;

namespace Sextant.Core.Tests.Search.Filters;

public sealed class FilterExpressionTests
{
    private static readonly FieldPath Year = new(["year"]);

    [Fact]
    public void Filter_means_the_same_after_formatting_and_parsing() =>
        Gen.Select(FilterGen.Filter, FilterGen.Metadata)
            .Sample(
                (filter, metadata) =>
                    FilterReference.Matches(FilterExpression.Parse(filter.ToString()), metadata!.AsObject())
                    == FilterReference.Matches(filter, metadata.AsObject()),
                iter: 5_000,
                threads: 1,
                print: t => $"{t.Item1} on {t.Item2!.ToJsonString(FilterGen.Relaxed)}"
            );

    [Fact]
    public void Parsed_filter_formats_to_a_stable_text() =>
        FilterGen.Filter.Sample(
            filter => FilterExpression.Parse(filter.ToString()).ToString() == filter.ToString(),
            iter: 5_000,
            threads: 1
        );

    [Fact]
    public void A_long_chain_needs_no_parentheses()
    {
        string text = string.Join(" and ", Enumerable.Range(0, FilterLimits.MaxConditions).Select(static i => $"\"f{i}\" = {i}"));

        Assert.Equal(text, FilterExpression.Parse(text).ToString());
        FilterLimits.Check(FilterExpression.Parse(text));
    }

    [Fact]
    public void String_converts_to_a_filter_and_null_to_no_filter()
    {
        FilterExpression? none = (string?)null,
            some = "year >= 2020";

        Assert.Null(none);
        Assert.Equal(new ComparisonFilter(Year, FilterComparison.GreaterOrEqual, FilterValue.Number(2020)), some);
        Assert.Throws<InputException>(static () => new SearchOptions { Filter = "year >=" });
    }

    [Fact]
    public async Task Expression_tree_and_its_text_find_the_same_documents()
    {
        using TempFolder folder = new();
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(folder.File("c"), WordModel.Options());
        await engine.AddDocumentsAsync([
            .. Enumerable
                .Range(2015, 10)
                .Select(static year => new Document($"text {year}")
                {
                    Id = $"{year}",
                    Metadata = new() { ["year"] = year },
                }),
        ]);
        FilterExpression tree = new AndFilter(
            new ComparisonFilter(Year, FilterComparison.Less, FilterValue.Number(2020)),
            new NotFilter(new InFilter(Year, [FilterValue.Number(2016), FilterValue.Number(2018)]))
        );

        string[] found = await IdsAsync(tree);

        Assert.Equal(["2015", "2017", "2019"], found.Order(StringComparer.Ordinal));
        Assert.Equal(found, await IdsAsync("year < 2020 and year not in (2016, 2018)"));

        async Task<string[]> IdsAsync(FilterExpression filter) =>
            [.. (await engine.SearchAsync("text", 10, new() { Filter = filter })).Select(static hit => hit.Id)];
    }

    [Fact]
    public void Expression_tree_without_a_textual_form_is_rejected()
    {
        FilterExpression deep = new ExistsFilter(Year),
            wide = new ExistsFilter(Year);
        for (int i = 0; i <= FilterLimits.MaxDepth; i++)
            deep = new NotFilter(deep);
        for (int i = 0; i < 100_000; i++)
            wide = new OrFilter(wide, new ExistsFilter(Year));
        FilterExpression[] rejected =
        [
            deep,
            wide,
            new ComparisonFilter(Year, FilterComparison.Less, FilterValue.Boolean(true)),
            new ComparisonFilter(Year, FilterComparison.Equal, FilterValue.Number(double.NaN)),
            new ComparisonFilter(Year, FilterComparison.Equal, default),
            new ContainsFilter(Year, FilterValue.Text("a\0b")),
            new LikeFilter(Year, "\ud800"),
            new InFilter(Year, []),
            new ExistsFilter(new FieldPath([])),
            new ExistsFilter(new FieldPath([""])),
        ];

        Assert.All(rejected, static filter => Assert.Throws<InputException>(() => FilterLimits.Check(filter)));
    }
}
