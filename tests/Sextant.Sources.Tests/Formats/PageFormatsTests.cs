using System.Text.Json.Nodes;

namespace Sextant.Sources.Tests.Formats;

public sealed class PageFormatsTests : SourceTest
{
    private const string Guide = """
        ---
        title: The guide
        year: 2024
        tags: [a, b]
        nested:
          - no
        ---
        Before all headings.

        # Guide

        ## Install `it`

        Words about *installing*.

        ```bash
        # not a heading
        run
        ```

        ### On Linux

        Here too.

        ## Install `it`

        Again.
        """;

    [Fact]
    public async Task Markdown_is_a_document_a_section_with_the_headings_above_it()
    {
        string source = Write("guide.md", Guide);

        List<SourceDocument> sections = await ReadAsync(source);

        Assert.Equal(
            ["", "#guide/install-it", "#guide/install-it/on-linux", "#guide/install-it~2"],
            sections.Select(s => s.Id[source.Length..])
        );
        Assert.Equal([8, 12, 21, 25], sections.Select(s => s.Line));
        Assert.Equal("Guide > Install it > On Linux", (string?)sections[2].Metadata["section"]);
        Assert.Contains("# not a heading", sections[1].Text, StringComparison.Ordinal);
        Assert.StartsWith("### On Linux", sections[2].Text, StringComparison.Ordinal);
        JsonObject front = sections[0].Metadata;
        Assert.Equal(("The guide", 2024), ((string?)front["title"], (int?)front["year"]));
    }

    [Fact]
    public async Task No_text_of_a_page_is_lost_but_its_front_matter_and_headings_that_only_lead_to_others()
    {
        List<SourceDocument> sections = await ReadAsync(Write("guide.md", Guide));

        string expected = Guide[(Guide.LastIndexOf("---", StringComparison.Ordinal) + 3)..]
            .Replace("# Guide\n\n", "", StringComparison.Ordinal);
        Assert.Equal(expected.Trim(), string.Concat(sections.Select(s => s.Text)).Trim());
    }

    [Fact]
    public async Task A_broken_byte_in_markdown_is_named_by_its_line()
    {
        string source = Write("a.md", [.. "# A\n\nb\n"u8, 0xFF, .. "\n# C\n"u8]);

        Assert.Contains($"{source}:4: bytes that are not UTF-8", await ErrorAsync(source), StringComparison.Ordinal);
        Assert.Equal("# C\n", Assert.Single(await ReadAsync(source, new() { SkipBad = true })).Text);
    }

    [Fact]
    public async Task Html_is_what_a_browser_shows_without_what_is_not_the_page_s_own()
    {
        string source = Write(
            "a.html",
            """
            <!doctype html><html><head><title>The page</title><style>p { color: red }</style></head><body>
            <nav>Home | About</nav><script>alert("no")</script><p>Before   the
            <b>head</b>ing.</p><h1>First &amp; main</h1><p>One.<br>Two.</p><ul><li>three<li>four</ul>
            <h2>Second</h2><pre>  as
              it is</pre><table><tr><td>a<td>b</tr></table><p hidden>no</p><footer>Imprint</footer></body></html>
            """
        );

        List<SourceDocument> sections = await ReadAsync(source);

        Assert.Equal(
            ["Before the heading.", "First & main\nOne.\nTwo.\n- three\n- four", "Second\n  as\n  it is\na b"],
            sections.Select(s => s.Text)
        );
        Assert.Equal(["", "#first-main", "#first-main/second"], sections.Select(s => s.Id[source.Length..]));
        Assert.Equal("""{"title":"The page","section":"First \u0026 main \u003E Second"}""", sections[2].Metadata.ToJsonString());
        Assert.Equal([1, 3, 4], sections.Select(s => s.Line));
    }

    [Theory]
    [InlineData("a.html", "<div>")]
    [InlineData("a.html", "<b><i>")]
    [InlineData("a.md", "> ")]
    [InlineData("a.md", "- ")]
    [InlineData("a.md", "[")]
    public async Task Pages_nested_beyond_reason_are_read_or_refused(string name, string level)
    {
        string source = Write(name, string.Concat(Enumerable.Repeat(level, 4_000)) + "deep");
        try
        {
            Assert.Contains("deep", Assert.Single(await ReadAsync(source)).Text, StringComparison.Ordinal);
        }
        catch (InputException e)
        {
            Assert.Contains(source, e.Message, StringComparison.Ordinal);
        }
    }
}
