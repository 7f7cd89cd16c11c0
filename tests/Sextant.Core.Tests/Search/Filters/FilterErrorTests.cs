using Sextant.Search.Filters;

namespace Sextant.Core.Tests.Search.Filters;

public sealed class FilterErrorTests
{
    [Theory]
    [InlineData(30, 29, "", "")]
    [InlineData(31, 29, "…", "")]
    [InlineData(30, 30, "", "…")]
    [InlineData(31, 30, "…", "…")]
    public void Error_shows_30_characters_on_either_side(int before, int after, string left, string right)
    {
        string message = Message(new string('a', before) + ";" + new string('b', after));

        Assert.EndsWith($": {left}{new string('a', 30)}▸;{new string('b', 29)}{right}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Error_shows_control_characters_as_spaces() => Assert.EndsWith(": a ▸; b", Message("a\n;\tb"), StringComparison.Ordinal);

    [Theory]
    [InlineData("a = 'x\0y'", "filter, character 7: a filter cannot contain the NUL character")]
    [InlineData("a = 'xyz\0", "filter, character 9: a filter cannot contain the NUL character")]
    [InlineData("a ; b", "filter, character 3: ';' is not valid here: put a field name with other characters in double quotes")]
    [InlineData("a = 1+2", "filter, character 6: '+' is not valid here")]
    [InlineData("a not 5", "filter, character 7: 'in', 'any in', 'like' or 'contains' is expected here")]
    [InlineData("a 5", "filter, character 3: a comparison (=, !=, <, <=, >, >=, in, any in, like, contains, is null) is expected here")]
    [InlineData("a in 1", "filter, character 6: '(' and a list of values is expected here")]
    [InlineData("\"\" = 1", "filter, character 1: a field name cannot be empty")]
    public void Error_has_a_one_based_position_and_names_the_problem(string filter, string expected) =>
        Assert.StartsWith(expected, Message(filter), StringComparison.Ordinal);

    [Fact]
    public void Lone_surrogate_is_reported_at_its_first_character() =>
        Assert.StartsWith(
            "filter, character 1: a filter cannot contain half of a surrogate pair",
            Message("\ud800 = 1"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Null_filter_is_rejected() => Assert.Throws<ArgumentNullException>(() => FilterExpression.Parse(null!));

    [Fact]
    public void Filter_has_at_most_20_000_characters()
    {
        const string Filter = "a = 1";

        Assert.NotNull(FilterExpression.Parse(Filter.PadRight(20_000)));
        Assert.Equal("the filter has 20001 characters; the limit is 20000", Message(Filter.PadRight(20_001)));
    }

    [Fact]
    public void Filter_has_at_most_256_conditions()
    {
        Assert.NotNull(FilterExpression.Parse(Conditions(256)));
        Assert.Contains("the filter has more than 256 conditions", Message(Conditions(257)), StringComparison.Ordinal);

        static string Conditions(int count) => string.Join(" or ", Enumerable.Repeat("a = 1", count));
    }

    [Fact]
    public void Filter_nests_at_most_64_deep()
    {
        // The condition itself is the last level.
        Assert.NotNull(FilterExpression.Parse(Nested(63)));
        Assert.Contains("the filter is nested more than 64 deep", Message(Nested(64)), StringComparison.Ordinal);
        // Levels that were left do not count.
        Assert.NotNull(FilterExpression.Parse($"{Nested(63)} and {Nested(63)}"));

        static string Nested(int count) => new string('(', count) + "a = 1" + new string(')', count);
    }

    [Fact]
    public void Field_path_has_at_most_64_names()
    {
        Assert.NotNull(FilterExpression.Parse(Field(64)));
        Assert.Contains("the field is nested more than 64 deep", Message(Field(65)), StringComparison.Ordinal);

        static string Field(int names) => string.Join('.', Enumerable.Repeat("a", names)) + " = 1";
    }

    private static string Message(string filter) => Assert.Throws<InputException>(() => FilterExpression.Parse(filter)).Message;
}
