using Sextant.Plotting.Text;

namespace Sextant.Plotting.Tests.Text;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("exactly 10", "exactly 10")]
    [InlineData("eleven char", "eleven cha…")]
    [InlineData("  two\r\n\t lines  ", "two lines")]
    [InlineData("ends here  and", "ends here…")]
    [InlineData("", "")]
    [InlineData("\u202ehidden\u200b\u0007turn", "hidden tur…")]
    public void It_is_the_beginning_on_one_line(string text, string expected) => Assert.Equal(expected, Excerpt.Cut(text, 10));

    [Fact]
    public void What_people_see_as_one_character_counts_as_one_and_stays_whole() =>
        Assert.Equal("👩‍👩‍👧e\u0301…", Excerpt.Cut("👩‍👩‍👧e\u0301👩‍👩‍👧", 2));

    [Fact]
    public void Half_a_character_becomes_the_sign_for_what_is_not_one() => Assert.Equal("a\ufffdb", Excerpt.Cut("a\ud83db", 10));

    [Fact]
    public void A_very_long_text_without_an_end_is_cut() => Assert.Equal(31, Excerpt.Cut(new string('x', 5_000_000), 30).Length);
}
