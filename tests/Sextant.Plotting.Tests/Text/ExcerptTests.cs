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
    public void Excerpt_is_the_beginning_on_one_line(string text, string expected) => Assert.Equal(expected, Excerpt.Cut(text, 10));

    [Fact]
    public void Grapheme_cluster_counts_as_one_character_and_is_not_split() =>
        Assert.Equal("👩‍👩‍👧e\u0301…", Excerpt.Cut("👩‍👩‍👧e\u0301👩‍👩‍👧", 2));

    [Fact]
    public void Lone_surrogate_becomes_the_replacement_character() => Assert.Equal("a\ufffdb", Excerpt.Cut("a\ud83db", 10));

    [Fact]
    public void Very_long_text_is_truncated() => Assert.Equal(31, Excerpt.Cut(new string('x', 5_000_000), 30).Length);
}
