using Sextant.Plotting.Text;

namespace Sextant.Plotting.Tests.Text;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("## Refunds\n\n- within *30 days*", "Refunds\n\nwithin 30 days")]
    [InlineData("> **Note:** use `git add`", "Note: use git add")]
    [InlineData("see [the docs](https://example.org) and ![logo](a.png)", "see the docs and logo")]
    [InlineData("| a | b |\n| --- | :-: |\n| 1 | 2 |", "a   b  \n\n  1   2")]
    [InlineData("- [x] done\n1. first", "done\n1. first")]
    [InlineData("---\ntitle", "title")]
    [InlineData("```cs\nint a;\n```", "int a;")]
    public void Marks_of_Markdown_are_removed(string text, string expected) => Assert.Equal(expected, PlainText.Strip(text));

    [Theory]
    [InlineData("2 * 3 * 4 = 24")]
    [InlineData("snake_case_name and C# and 1 > 0")]
    [InlineData("a-b, x ~ y, -5 degrees, #hashtag")]
    [InlineData("array[3](x")]
    public void Signs_in_a_sentence_stay(string text) => Assert.Equal(text, PlainText.Strip(text));
}
