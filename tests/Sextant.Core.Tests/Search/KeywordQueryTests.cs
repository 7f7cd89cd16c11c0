using Sextant.Search;

namespace Sextant.Core.Tests.Search;

public sealed class KeywordQueryTests
{
    [Theory]
    [InlineData("how do refunds work?", "\"how\" OR \"do\" OR \"refunds\" OR \"work\"")]
    [InlineData("a AND b*", "\"a\" OR \"AND\" OR \"b\"")]
    [InlineData("text:x\"y", "\"text\" OR \"x\" OR \"y\"")]
    [InlineData("Zürich 8001", "\"Zürich\" OR \"8001\"")]
    [InlineData("same Same SAME", "\"same\"")]
    [InlineData("m² Ⅷ", "\"m²\" OR \"Ⅷ\"")]
    [InlineData("日本語", "\"日本\" OR \"本語\"")]
    [InlineData("天気", "\"天気\"")]
    [InlineData("雨 rain", "\"雨\"* OR \"rain\"")]
    [InlineData("iPhone15の電池", "\"iPhone15\" OR \"の電\" OR \"電池\"")]
    [InlineData("ｶﾞﾗｽ", "\"ガラ\" OR \"ラス\"")]
    [InlineData("날씨가", "\"날씨\" OR \"씨가\"")]
    [InlineData("ที่นี่", "\"ที่นี่\"")]
    [InlineData("𠮷野家", "\"𠮷野\" OR \"野家\"")]
    public void Words_are_quoted_and_joined_by_or(string text, string expected) =>
        Assert.Equal(expected, KeywordAnalyzer.AnyOf(KeywordAnalyzer.ParseQuery(text)));

    [Theory]
    [InlineData("")]
    [InlineData("?!  \" ' --")]
    [InlineData("\ud800")]
    public void Text_without_words_has_no_keyword_query(string text) => Assert.Empty(KeywordAnalyzer.ParseQuery(text));

    [Theory]
    [InlineData("Crème Brûlée, 3 m²", "creme brulee 3 m²")]
    [InlineData("今日の天気", "今日 日の の天 天気 気")]
    [InlineData("犬 und Katze", "犬 und katze")]
    [InlineData("iPhone15の電池", "iphone15 の電 電池 池")]
    [InlineData("สวัสดี", "สวั วัส สดี ดี")]
    public void Runs_of_scripts_without_spaces_become_pairs_of_characters(string text, string expected) =>
        Assert.Equal(expected.Split(' '), KeywordAnalyzer.AnalyzeText(text));

    [Fact]
    public void Long_text_is_truncated_to_its_first_words() =>
        Assert.Equal(64, KeywordAnalyzer.ParseQuery(string.Join(' ', Enumerable.Range(0, 500))).Count);
}
