using CsCheck;
using Sextant.Search.Filters;

namespace Sextant.Core.Tests.Search.Filters;

public sealed class FilterParserTests
{
    [Fact]
    public void And_binds_tighter_than_or_and_not_tighter_than_and()
    {
        FilterExpression read = FilterExpression.Parse("not a = 1 and b = 2 or c = 3");

        Assert.Equal(new OrFilter(new AndFilter(new NotFilter(Equal("a", 1)), Equal("b", 2)), Equal("c", 3)), read);
    }

    [Fact]
    public void Not_equal_negates_equal() => Assert.Equal(new NotFilter(Equal("a", 1)), FilterExpression.Parse("a <> 1"));

    [Fact]
    public void A_keyword_is_a_field_name_where_a_name_is_expected()
    {
        Assert.Equal(Equal("in", 1), FilterExpression.Parse("in = 1"));
        Assert.Equal(Equal("exists", 1), FilterExpression.Parse("exists = 1"));
        Assert.Equal(Equal("not", 1), FilterExpression.Parse("\"not\" = 1"));
    }

    [Fact]
    public void Quotes_are_doubled_inside_quotes()
    {
        ComparisonFilter read = Assert.IsType<ComparisonFilter>(FilterExpression.Parse("\"say \"\"hi\"\"\" = 'it''s'"));

        Assert.Equal(["say \"hi\""], read.Field.Names);
        Assert.Equal("it's", read.Value.Value);
    }

    [Fact]
    public void Exponent_of_a_number_may_have_a_sign()
    {
        Assert.Equal(
            new ComparisonFilter(new(["a"]), FilterComparison.Equal, FilterValue.Number(100.0)),
            FilterExpression.Parse("a = 1e+2")
        );
        Assert.Equal(
            new ComparisonFilter(new(["a"]), FilterComparison.Equal, FilterValue.Number(0.01)),
            FilterExpression.Parse("a = 1E-2")
        );
    }

    [Fact]
    public void Fields_with_equal_names_are_equal()
    {
        FieldPath field = new(["a", "b"]);

        Assert.True(field.Equals(new FieldPath(["a", "b"])));
        Assert.False(field.Equals(new FieldPath(["a", "c"])));
        Assert.False(field.Equals(null));
    }

    [Theory]
    [InlineData("", "the filter is empty")]
    [InlineData("   ", "the filter is empty")]
    [InlineData("lang", "character 5: the filter ends where a comparison")]
    [InlineData("lang =", "character 7: the filter ends where a value is expected")]
    [InlineData("lang = \"en\"", "character 8: write a text in single quotes: 'en': lang = ▸\"en\"")]
    [InlineData("lang = en", "character 8: a value is expected here: lang = ▸en")]
    [InlineData("lang = 'en", "character 8: the quote opened here is not closed")]
    [InlineData("lang = 'en' year = 1", "character 13: 'and', 'or' or the end is expected here")]
    [InlineData("day > 2020-01-01", "character 7: 2020-01-01 is not a number; write a text or a date in single quotes")]
    [InlineData("a > true", "true and false have no order")]
    [InlineData("a > null", "null is valid only after")]
    [InlineData("a in ()", "character 7: a value is expected here")]
    [InlineData("a in (1, 2", "character 11: the filter ends where ',' or ')' is expected")]
    [InlineData("(a = 1", "the filter ends where ')' is expected")]
    [InlineData("a = 1 && b = 2", "write 'and', 'or', 'not'")]
    [InlineData("a; drop table documents", "character 2: ';' is not valid here")]
    [InlineData("a like 5", "write the pattern of like in single quotes")]
    [InlineData("a is 5", "'null' is expected here")]
    [InlineData("a. = 5", "character 4: a field name is expected here")]
    [InlineData("a = 1e999", "1e999 is not a number")]
    [InlineData("a = 'x\0y'", "cannot contain the NUL character")]
    public void Error_names_the_problem_the_position_and_the_fix(string filter, string expected)
    {
        InputException error = Assert.Throws<InputException>(() => FilterExpression.Parse(filter));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("(", 10_000)]
    [InlineData("not ", 4_000)]
    [InlineData("a = 1 and ", 1_500)]
    public void Hostile_filter_is_rejected_before_execution(string part, int times) =>
        Assert.Throws<InputException>(() => FilterExpression.Parse(string.Concat(Enumerable.Repeat(part, times)) + "a = 1"));

    [Fact]
    public void Any_text_parses_or_is_an_input_error() =>
        Gen.OneOf(
                "a",
                "'x'",
                "\"b\"",
                "(",
                ")",
                "and",
                "or",
                "not",
                "in",
                "like",
                "is",
                "null",
                "exists",
                "=",
                "<",
                "!=",
                ",",
                ".",
                "1",
                "-",
                "e+5",
                "'",
                "\"",
                " ",
                "\n",
                "é",
                "\ud800"
            )
            .Array[0, 12]
            .Sample(
                parts =>
                {
                    try
                    {
                        FilterExpression.Parse(string.Join(' ', parts));
                    }
                    catch (InputException)
                    {
                        // The only other allowed outcome.
                    }
                },
                iter: 20_000
            );

    private static ComparisonFilter Equal(string field, long value) => new(new([field]), FilterComparison.Equal, FilterValue.Number(value));
}
