using Sextant.Search;

namespace Sextant.Tests.Search;

public sealed class KeywordQueryTests
{
    [Theory]
    [InlineData("how do refunds work?", "\"how\" OR \"do\" OR \"refunds\" OR \"work\"")]
    [InlineData("a AND b*", "\"a\" OR \"AND\" OR \"b\"")]
    [InlineData("text:x\"y", "\"text\" OR \"x\" OR \"y\"")]
    [InlineData("Zürich 8001", "\"Zürich\" OR \"8001\"")]
    [InlineData("same Same SAME", "\"same\"")]
    [InlineData("日本語", "\"日本語\"")]
    public void Words_are_quoted_and_any_may_match(string text, string expected) =>
        Assert.Equal(expected, KeywordQuery.AnyOf(KeywordQuery.Words(text)));

    [Theory]
    [InlineData("")]
    [InlineData("?!  \" ' --")]
    [InlineData("\ud800")]
    public void A_text_without_words_gives_none(string text) => Assert.Empty(KeywordQuery.Words(text));

    [Fact]
    public void A_long_text_is_cut_to_its_first_words() =>
        Assert.Equal(64, KeywordQuery.Words(string.Join(' ', Enumerable.Range(0, 500))).Count);
}
